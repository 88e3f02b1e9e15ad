"""When an account counts as contained, and what the acts refuse by themselves."""

from dataclasses import replace

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Status
from services.domain.case.transition import Refusal, Refused
from services.domain.containment.commands import ContainmentConfirmed, ContainmentRequested, StepTaken
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult, keeps_out
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed
from services.domain.people import SignOff
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import BO, CASES, NOW, TIMING, report

MARK = SignOff(by=BO.id, name=BO.name, at=NOW)
SESSIONS, PASSWORD, RULES, FORWARDING, DISABLE = ContainmentStep
OUT = {SESSIONS: StepOutcome.DONE, PASSWORD: StepOutcome.ALREADY_SO}


def contained(outcomes: dict[ContainmentStep, StepOutcome], **more: object) -> Containment:
    results = tuple(StepResult(step=step, outcome=outcome, was=("x",)) for step, outcome in outcomes.items())
    done = Containment(requested=MARK, steps=tuple(outcomes), confirmed=MARK, results=results)
    return replace(done, **more)  # type: ignore[arg-type]  # the tests name real fields


@pytest.mark.parametrize(
    ("outcomes", "keeps"),
    [
        (OUT, True),
        ({DISABLE: StepOutcome.DONE}, True),
        ({SESSIONS: StepOutcome.DONE}, False),
        ({PASSWORD: StepOutcome.DONE}, False),
        ({SESSIONS: StepOutcome.DONE, PASSWORD: StepOutcome.ON_PREMISES}, False),
        ({**OUT, SESSIONS: StepOutcome.FAILED}, False),
        ({RULES: StepOutcome.DONE, FORWARDING: StepOutcome.DONE}, False),
    ],
)
def test_whoever_was_in_is_out_once_signed_out_with_a_new_password_or_disabled(
    outcomes: dict[ContainmentStep, StepOutcome], keeps: bool
) -> None:
    assert keeps_out(contained(outcomes), None) is keeps


@pytest.mark.parametrize("external", [True, False, None])
def test_what_sends_mail_outside_has_to_be_off_as_well(external: bool | None) -> None:
    forwarding = Forwarding(to="x@mail.example", keeps_copy=True, external=external)
    rule = InboxRule(id="1", name=".", enabled=True, hidden=True, deeds=(RuleDeed.FORWARDS,), external=external)
    found = report(forwarding=forwarding, rules=(rule,))
    assert keeps_out(contained(OUT), found) is (external is not True)
    assert keeps_out(contained({**OUT, FORWARDING: StepOutcome.DONE}), found) is (external is not True)
    assert keeps_out(contained({**OUT, FORWARDING: StepOutcome.DONE, RULES: StepOutcome.DONE}), found)
    unread = report(forwarding=Unknown(reason=UnknownReason.TIMED_OUT), rules=Unknown(reason=UnknownReason.TIMED_OUT))
    assert keeps_out(contained(OUT), unread)


def test_what_was_put_back_or_is_at_work_keeps_nobody_out() -> None:
    back = (StepResult(step=PASSWORD, outcome=StepOutcome.DONE),)
    assert not keeps_out(contained(OUT, put_back=back), None)
    assert not keeps_out(contained(OUT, putting_back=(PASSWORD,)), None)
    assert not keeps_out(contained(OUT, steps=(*OUT, DISABLE)), None)
    failed = (StepResult(step=PASSWORD, outcome=StepOutcome.FAILED),)
    assert keeps_out(contained(OUT, put_back=failed), None)


def test_nothing_is_confirmed_that_was_not_planned() -> None:
    for command in (ContainmentConfirmed(by=BO), StepTaken(result=StepResult(step=SESSIONS, outcome=StepOutcome.DONE))):
        with pytest.raises(Refused) as refused:
            apply(CASES[Status.WAITING], command, NOW, TIMING)
        assert refused.value.refusal is Refusal.NOT_NOW


def test_a_connector_has_no_account_to_contain() -> None:
    command = ContainmentRequested(by=BO, steps=frozenset({SESSIONS}))
    with pytest.raises(Refused) as refused:
        apply(replace(CASES[Status.WAITING], connector_id="x"), command, NOW, TIMING)
    assert refused.value.refusal is Refusal.NOT_NOW
