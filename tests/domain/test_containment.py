"""When an account counts as contained, and what the commands refuse."""

from dataclasses import replace

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Status
from services.domain.case.noted_facts import noted
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.containment.commands import (
    ContainmentCancelled,
    ContainmentCommand,
    ContainmentConfirmed,
    ContainmentRequested,
    PutBackRequested,
    StepBegun,
    StepPutBack,
    StepTaken,
)
from services.domain.containment.containment import (
    Containment,
    ContainmentStep,
    NamedRule,
    StepOutcome,
    StepResult,
    keeps_out,
)
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed
from services.domain.people import PersonId, SignOff, TeamsUser
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA_HERSELF, BO, CASES, NOW, TIMING, report

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
    assert keeps_out(contained(OUT), found) is (external is False)
    assert keeps_out(contained({**OUT, FORWARDING: StepOutcome.DONE}), found) is (external is False)
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
        apply(
            replace(CASES[Status.WAITING], sender=replace(CASES[Status.WAITING].sender, connector_id="x")),
            command,
            NOW,
            TIMING,
        )
    assert refused.value.refusal is Refusal.NOT_NOW


def test_each_leak_has_to_be_closed_by_its_own_step() -> None:
    forwarded = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    assert not keeps_out(contained({**OUT, RULES: StepOutcome.DONE}), forwarded)
    assert keeps_out(contained({**OUT, FORWARDING: StepOutcome.DONE}), forwarded)
    ruled = report(rules=(RULE,))
    assert not keeps_out(contained({**OUT, FORWARDING: StepOutcome.DONE}), ruled)
    assert keeps_out(contained({**OUT, RULES: StepOutcome.DONE}), ruled)
    assert keeps_out(contained(OUT), report(rules=(replace(RULE, enabled=False),)))


def test_only_what_changed_something_and_is_not_back_can_be_put_back() -> None:

    done = contained({RULES: StepOutcome.DONE, DISABLE: StepOutcome.DONE})
    assert done.can_be_put_back == (RULES, DISABLE)
    nothing = replace(done, results=(replace(done.results[0], was=()), done.results[1]))
    assert nothing.can_be_put_back == (DISABLE,)
    assert replace(done, putting_back=(RULES,)).can_be_put_back == (DISABLE,)
    for outcome, again in ((StepOutcome.DONE, False), (StepOutcome.ALREADY_SO, False), (StepOutcome.FAILED, True)):
        back = replace(done, put_back=(StepResult(step=RULES, outcome=outcome),))
        assert (RULES in back.can_be_put_back) is again


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": None},
        {"evidence": report()},
        {
            "evidence": report(
                forwarding=Unknown(reason=UnknownReason.TIMED_OUT), rules=Unknown(reason=UnknownReason.TIMED_OUT)
            )
        },
    ],
)
def test_what_nobody_found_is_not_planned_to_be_switched_off(changes: dict[str, object]) -> None:
    case = replace(CASES[Status.WAITING], **changes)  # type: ignore[arg-type]  # real fields
    planned = apply(case, CHOSEN, NOW, TIMING).case.containment
    assert planned == replace(PLANNED, steps=(SESSIONS,), rules=(), forwards_to="")


CLEO = TeamsUser(id=PersonId("cleo"), name="Cleo Marsh")

RULE = InboxRule(
    id="1", name="tidy", enabled=True, hidden=True, deeds=(RuleDeed.FORWARDS,), targets=("x@a.example",), external=True
)
CASE = replace(
    CASES[Status.WAITING],
    evidence=report(
        rules=(RULE, replace(RULE, id="2", name="off", enabled=False), replace(RULE, id="3", name="not chosen")),
        forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True),
    ),
)
PLANNED = Containment(
    requested=MARK, steps=(SESSIONS, RULES), rules=(NamedRule(id="1", name="tidy"),), forwards_to="x@mail.example"
)
CONFIRMED = replace(PLANNED, confirmed=MARK)

REVOKED = StepResult(step=SESSIONS, outcome=StepOutcome.DONE)

FOUND = StepResult(step=RULES, outcome=StepOutcome.DONE, was=("1",))

OFF = replace(CONFIRMED, results=(REVOKED, FOUND))

CHOSEN = ContainmentRequested(by=BO, steps=frozenset({RULES, SESSIONS}), rules=frozenset({"1", "2"}))

SHOWN, TOLD = (
    frozenset({TaskKind.UPDATE_APPROVERS_CARD}),
    frozenset({TaskKind.UPDATE_APPROVERS_CARD, TaskKind.NOTIFY_APPROVERS}),
)


@pytest.mark.parametrize(
    ("before", "command", "after", "effects"),
    [
        (None, CHOSEN, PLANNED, SHOWN),
        (None, replace(CHOSEN, privileged=True), replace(PLANNED, privileged=True), TOLD),
        (
            None,
            replace(CHOSEN, unsure=True),
            replace(PLANNED, privileged=True, unsure=True),
            TOLD,
        ),  # Without a chosen rule to switch off, that step is left out.
        (
            None,
            replace(CHOSEN, rules=frozenset({"2"})),
            replace(PLANNED, steps=(SESSIONS,), rules=()),
            SHOWN,
        ),  # Steps that are not taken again keep their result.
        (
            replace(OFF, put_back=(FOUND,)),
            replace(CHOSEN, steps=frozenset({SESSIONS}), rules=frozenset()),
            replace(PLANNED, number=2, steps=(SESSIONS,), rules=(), results=(FOUND,), put_back=(FOUND,)),
            SHOWN,
        ),
        (PLANNED, ContainmentConfirmed(by=BO), CONFIRMED, SHOWN),
        (PLANNED, ContainmentConfirmed(by=BO, plan=1), CONFIRMED, SHOWN),
        (
            replace(PLANNED, privileged=True),
            ContainmentConfirmed(by=CLEO),
            replace(PLANNED, privileged=True, confirmed=SignOff(by=CLEO.id, name=CLEO.name, at=NOW)),
            SHOWN,
        ),
        (PLANNED, ContainmentCancelled(by=BO), replace(PLANNED, steps=(), rules=()), SHOWN),
        (CONFIRMED, StepBegun(found=FOUND), replace(CONFIRMED, begun=(FOUND,)), SHOWN),
        (CONFIRMED, StepTaken(result=REVOKED), replace(CONFIRMED, results=(REVOKED,)), SHOWN),
        (
            replace(CONFIRMED, begun=(FOUND,)),
            StepTaken(result=replace(FOUND, outcome=StepOutcome.ALREADY_SO, was=())),
            replace(CONFIRMED, begun=(FOUND,), results=(replace(FOUND, outcome=StepOutcome.ALREADY_SO),)),
            SHOWN,
        ),
        (
            replace(CONFIRMED, begun=(FOUND,)),
            StepTaken(result=replace(FOUND, was=("9",))),
            replace(CONFIRMED, begun=(FOUND,), results=(replace(FOUND, was=("9",)),)),
            SHOWN,
        ),
        (
            CONFIRMED,
            StepTaken(result=replace(REVOKED, outcome=StepOutcome.FAILED, error="403")),
            replace(CONFIRMED, results=(replace(REVOKED, outcome=StepOutcome.FAILED, error="403"),)),
            TOLD,
        ),
        (OFF, PutBackRequested(by=BO, step=RULES), replace(OFF, putting_back=(RULES,)), SHOWN),
        (
            replace(OFF, putting_back=(RULES, DISABLE), put_back=(replace(FOUND, outcome=StepOutcome.FAILED), REVOKED)),
            StepPutBack(result=FOUND),
            replace(OFF, putting_back=(DISABLE,), put_back=(REVOKED, FOUND)),
            SHOWN,
        ),
        (
            replace(OFF, putting_back=(RULES,)),
            StepPutBack(result=replace(FOUND, outcome=StepOutcome.FAILED)),
            replace(OFF, put_back=(replace(FOUND, outcome=StepOutcome.FAILED),)),
            TOLD,
        ),
    ],
)
def test_what_each_command_makes_of_a_containment(
    before: Containment | None, command: ContainmentCommand, after: Containment, effects: frozenset[TaskKind]
) -> None:
    case = replace(CASE, containment=before)
    transition = apply(case, command, NOW, TIMING)
    assert transition.case == noted(replace(case, containment=after), NOW)
    assert transition.effects == effects


@pytest.mark.parametrize(
    ("before", "command", "refusal"),
    [
        (None, replace(CHOSEN, by=ANA_HERSELF), Refusal.OWN_CASE),
        (PLANNED, ContainmentConfirmed(by=ANA_HERSELF), Refusal.OWN_CASE),
        (None, replace(CHOSEN, steps=frozenset({RULES}), rules=frozenset()), Refusal.NO_STEP_CHOSEN),
        (CONFIRMED, CHOSEN, Refusal.NOT_NOW),
        (CONFIRMED, ContainmentConfirmed(by=CLEO), Refusal.NOT_NOW),
        (CONFIRMED, ContainmentCancelled(by=BO), Refusal.NOT_NOW),
        (replace(PLANNED, privileged=True), ContainmentConfirmed(by=BO), Refusal.SECOND_RESPONDER_NEEDED),
        (OFF, PutBackRequested(by=BO, step=SESSIONS), Refusal.NOT_NOW),
    ],
)
def test_what_is_refused_of_a_containment(
    before: Containment | None, command: ContainmentCommand, refusal: Refusal
) -> None:

    with pytest.raises(Refused) as refused:
        apply(replace(CASE, containment=before), command, NOW, TIMING)
    assert refused.value.refusal is refusal


def test_the_history_keeps_each_step_and_how_it_ended() -> None:

    def seen(containment: Containment, command: ContainmentCommand) -> dict[str, str]:
        kept = apply(replace(CASE, containment=containment), command, NOW, TIMING).event.facts
        return {key: said for key, said in kept.items() if key in ("steps", "step", "outcome", "error")}

    assert seen(OFF, CHOSEN) == {"steps": "revoke_sessions, rules_off"}
    assert seen(PLANNED, ContainmentConfirmed(by=BO)) == {"steps": "confirmed"}
    assert seen(PLANNED, ContainmentCancelled(by=BO)) == {"steps": "cancelled"}
    assert seen(OFF, PutBackRequested(by=BO, step=RULES)) == {"step": "rules_off"}
    assert seen(CONFIRMED, StepBegun(found=FOUND)) == {"step": "rules_off", "outcome": "begun"}
    failed = replace(FOUND, outcome=StepOutcome.FAILED, error="403")
    assert seen(CONFIRMED, StepTaken(result=failed)) == {"step": "rules_off", "outcome": "failed", "error": "403"}
