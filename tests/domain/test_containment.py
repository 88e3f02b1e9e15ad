"""What each command makes of a containment, completely, and what the commands refuse."""

from dataclasses import replace

import pytest

from services.domain.case.apply import apply
from services.domain.case.facts import Worse
from services.domain.case.noted_facts import noted, present_facts
from services.domain.case.status import Status
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.containment.after_steps import AccountRead, AfterSteps
from services.domain.containment.commands import (
    ContainmentCancelled,
    ContainmentCommand,
    ContainmentConfirmed,
    ContainmentRequested,
    PutBackHeld,
    PutBackRequested,
    StepBegun,
    StepPutBack,
    StepsChecked,
    StepTaken,
)
from services.domain.containment.containment import (
    Containment,
    ContainmentStep,
    NamedRule,
    StepOutcome,
    StepResult,
)
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed
from services.domain.people import PersonId, SignOff, TeamsUser
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA_HERSELF, BO, CASES, NOW, TIMING, report

MARK = SignOff(by=BO.id, name=BO.name, at=NOW)
SESSIONS, PASSWORD, RULES, FORWARDING, DISABLE = ContainmentStep


def kept(result: StepResult) -> StepResult:
    """The result as a case keeps it."""
    return replace(result, at=NOW)


def contained(outcomes: dict[ContainmentStep, StepOutcome], **more: object) -> Containment:
    results = tuple(StepResult(step=step, outcome=outcome, was=("x",)) for step, outcome in outcomes.items())
    done = Containment(requested=MARK, steps=tuple(outcomes), confirmed=MARK, results=results)
    return replace(done, **more)  # type: ignore[arg-type]  # the tests name real fields


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
    known = () if case.evidence and case.evidence.rules == () else None
    assert planned == replace(PLANNED, steps=(SESSIONS,), rules=(), forwards_to="", rules_known=known)


CLEO = TeamsUser(id=PersonId("cleo"), name="Cleo Marsh")

RULE = InboxRule(
    id="1", name="tidy", enabled=True, hidden=True, deeds=(RuleDeed.FORWARDS,), targets=("x@a.example",), external=True
)
CASE = noted(
    replace(
        CASES[Status.WAITING],
        evidence=report(
            rules=(RULE, replace(RULE, id="2", name="off", enabled=False), replace(RULE, id="3", name="not chosen")),
            forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True),
        ),
    ),
    NOW,
)
PLANNED = Containment(
    requested=MARK,
    steps=(SESSIONS, RULES),
    rules=(NamedRule(id="1", name="tidy"),),
    forwards_to="x@mail.example",
    made_by=frozenset({BO.id}),
    rules_known=("1", "3"),
)
CONFIRMED = replace(PLANNED, confirmed=MARK, trying_since=NOW)

REVOKED = StepResult(step=SESSIONS, outcome=StepOutcome.DONE)

FAILED = replace(REVOKED, outcome=StepOutcome.FAILED, error="403")

FOUND = StepResult(step=RULES, outcome=StepOutcome.DONE, was=("1",))

BACK = PutBackRequested(by=BO, step=RULES, plan=1, facts=CASE.facts[-1].number if CASE.facts else None)

OFF = replace(CONFIRMED, results=(kept(REVOKED), kept(FOUND)))
WANTED_ON, WORSE = present_facts(replace(CASE, containment=OFF), NOW), (Worse.NEW_ALARM,)

READ = AfterSteps(read_at=NOW, account=AccountRead(enabled=True), methods=(), forwarding=None, rules=(), delegates=())

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
            # What was done stays until it is done again, and so does who said yes to it.
            replace(
                PLANNED,
                number=2,
                steps=(SESSIONS,),
                rules=(),
                results=OFF.results,
                put_back=(FOUND,),
                confirmed_before=MARK,
                trying_since=NOW,
            ),
            SHOWN,
        ),
        (PLANNED, ContainmentConfirmed(by=BO, plan=1), CONFIRMED, SHOWN),
        (None, replace(CHOSEN, at_once=True), CONFIRMED, SHOWN),
        (
            None,
            replace(CHOSEN, at_once=True, privileged=True),
            replace(PLANNED, privileged=True),
            TOLD,
        ),
        (
            replace(PLANNED, privileged=True),
            ContainmentConfirmed(by=CLEO, plan=1),
            replace(
                PLANNED,
                privileged=True,
                confirmed=SignOff(by=CLEO.id, name=CLEO.name, at=NOW),
                trying_since=NOW,
                made_by=frozenset({BO.id, CLEO.id}),
            ),
            SHOWN,
        ),
        (PLANNED, ContainmentCancelled(by=BO, plan=1), replace(PLANNED, steps=(), rules=()), SHOWN),
        # A later list that is cancelled takes nothing away from the earlier one.
        (
            replace(OFF, number=2, confirmed=None, confirmed_before=MARK),
            ContainmentCancelled(by=CLEO, plan=2),
            replace(OFF, number=2, steps=(), rules=(), confirmed_before=MARK),
            SHOWN,
        ),
        (CONFIRMED, StepBegun(found=FOUND), replace(CONFIRMED, begun=(FOUND,)), SHOWN),
        (CONFIRMED, StepTaken(result=REVOKED), replace(CONFIRMED, results=(kept(REVOKED),)), SHOWN),
        (
            replace(CONFIRMED, begun=(FOUND,)),
            StepTaken(result=replace(FOUND, outcome=StepOutcome.ALREADY_SO, was=())),
            replace(CONFIRMED, begun=(FOUND,), results=(kept(replace(FOUND, outcome=StepOutcome.ALREADY_SO)),)),
            SHOWN,
        ),
        (
            replace(CONFIRMED, begun=(FOUND,)),
            StepTaken(result=replace(FOUND, was=("9",))),
            replace(CONFIRMED, begun=(FOUND,), results=(kept(replace(FOUND, was=("9",))),)),
            SHOWN,
        ),
        (
            CONFIRMED,
            # One line for all that failed, after the last step.
            StepTaken(result=FAILED),
            replace(CONFIRMED, results=(kept(FAILED),)),
            SHOWN,
        ),
        (
            replace(CONFIRMED, results=(kept(FAILED),)),
            StepTaken(result=FOUND),
            replace(CONFIRMED, results=(kept(FAILED), kept(FOUND))),
            TOLD,
        ),
        (OFF, StepsChecked(after=READ), replace(OFF, after=READ), SHOWN),
        (OFF, BACK, replace(OFF, putting_back=(RULES,), put_back_on=WANTED_ON, put_back_by=frozenset({BO.id})), SHOWN),
        (
            replace(OFF, putting_back=(RULES,), put_back_on=WANTED_ON),
            PutBackHeld(worse=WORSE),
            replace(OFF, put_back_on=WANTED_ON, not_put_back=WORSE),
            TOLD,
        ),
        (
            replace(OFF, putting_back=(RULES, DISABLE), put_back=(replace(FOUND, outcome=StepOutcome.FAILED), REVOKED)),
            StepPutBack(result=FOUND),
            replace(OFF, putting_back=(DISABLE,), put_back=(REVOKED, kept(FOUND))),
            SHOWN,
        ),
        (
            replace(OFF, putting_back=(RULES,)),
            StepPutBack(result=replace(FOUND, outcome=StepOutcome.FAILED)),
            replace(OFF, put_back=(kept(replace(FOUND, outcome=StepOutcome.FAILED)),)),
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
        (PLANNED, ContainmentConfirmed(by=ANA_HERSELF, plan=1), Refusal.OWN_CASE),
        (PLANNED, ContainmentConfirmed(by=BO), Refusal.PLAN_CHANGED),
        (PLANNED, ContainmentConfirmed(by=BO, plan=2), Refusal.PLAN_CHANGED),
        (PLANNED, ContainmentCancelled(by=BO), Refusal.PLAN_CHANGED),
        (OFF, PutBackRequested(by=BO, step=RULES), Refusal.PLAN_CHANGED),
        (OFF, replace(BACK, facts=None), Refusal.FACTS_WORSE),
        (OFF, replace(BACK, facts=99), Refusal.FACTS_WORSE),
        (OFF, PutBackRequested(by=BO, step=RULES, plan=2), Refusal.PLAN_CHANGED),
        (None, replace(CHOSEN, steps=frozenset({RULES}), rules=frozenset()), Refusal.NO_STEP_CHOSEN),
        (CONFIRMED, CHOSEN, Refusal.NOT_NOW),
        (CONFIRMED, ContainmentConfirmed(by=CLEO, plan=1), Refusal.NOT_NOW),
        (CONFIRMED, ContainmentCancelled(by=BO, plan=1), Refusal.NOT_NOW),
        (replace(PLANNED, privileged=True), ContainmentConfirmed(by=BO, plan=1), Refusal.SECOND_RESPONDER_NEEDED),
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
    assert seen(PLANNED, ContainmentConfirmed(by=BO, plan=1)) == {"steps": "confirmed"}
    assert seen(PLANNED, ContainmentCancelled(by=BO, plan=1)) == {"steps": "cancelled"}
    assert seen(OFF, BACK) == {"step": "rules_off"}
    assert seen(OFF, StepsChecked(after=READ)) == {"outcome": "checked"}
    assert seen(OFF, PutBackHeld(worse=WORSE)) == {"outcome": "held"}
    assert seen(CONFIRMED, StepBegun(found=FOUND)) == {"step": "rules_off", "outcome": "begun"}
    failed = replace(FOUND, outcome=StepOutcome.FAILED, error="403")
    assert seen(CONFIRMED, StepTaken(result=failed)) == {"step": "rules_off", "outcome": "failed", "error": "403"}
