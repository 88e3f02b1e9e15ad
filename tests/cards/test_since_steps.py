"""After the steps of a containment no card reads as if they had failed, nor as if they had done more than they did."""

from dataclasses import replace

import pytest

from cards.approver.approver_card import approver_card
from cards.approver.why_waiting import why_waiting_card
from cards.words import words_for
from sandbox.teams import texts
from services.domain.case.case import Case
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed
from services.domain.people import Account, PersonId
from services.domain.proofs.securing import PasswordFinding, PasswordProof
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from tests.cards.contained_pictures import contained_cases
from tests.cards.sample_evidence import STOLEN, UNREAD
from tests.cards.sample_view import VIEW
from tests.cases import HOUR, MINUTE, NOW, after_steps

OLD_PASSWORD = PasswordProof(finding=PasswordFinding.CHANGED_BEFORE, changed_at=NOW - 9 * HOUR)
RULE_OFF = "rule “.” forwards mail to collector@mail.example · stopped by responders"
FORWARDING_OFF = "forwarded to collector@mail.example · stopped by responders"
THAT_RULE = InboxRule(id="1", name=".", enabled=True, hidden=True, deeds=(RuleDeed.FORWARDS,), external=True)
THAT_TARGET = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)


def contained(**changes: object) -> Case:
    """Every step taken and read, of somebody who had not changed the password."""
    case = contained_cases()["contained-read"]
    with_old = replace(case, proofs=replace(case.proofs, password=OLD_PASSWORD))
    return replace(with_old, **changes)  # type: ignore[arg-type]  # the tests name real fields


def steps(case: Case) -> Containment:
    assert case.containment is not None
    return case.containment


def ended(case: Case, step: ContainmentStep, outcome: StepOutcome) -> Case:
    """The same, with another end of one step."""
    results = tuple(replace(one, outcome=outcome) if one.step is step else one for one in steps(case).results)
    return replace(case, containment=replace(steps(case), results=results))


def shown(case: Case) -> str:
    return texts(approver_card(case, VIEW)).replace("\N{NO-BREAK SPACE}", " ")


def test_what_the_steps_changed_is_said_beside_what_was_read_before() -> None:
    said = shown(contained())
    assert "? Password set by responders" in said
    assert "Password not changed" not in said
    assert "Responders set another since." in said
    assert RULE_OFF in said
    assert FORWARDING_OFF in said
    assert f"{RULE_OFF}." in texts(why_waiting_card(contained(), VIEW))


def test_in_german_too() -> None:
    said = texts(approver_card(contained(), replace(VIEW, words=words_for("de")))).replace("\N{NO-BREAK SPACE}", " ")
    assert "? Kennwort vom Sicherheitsteam gesetzt" in said
    assert "inzwischen beendet" in said


@pytest.mark.parametrize("outcome", [StepOutcome.FAILED, StepOutcome.UNCLEAR, StepOutcome.ON_PREMISES])
def test_a_step_that_failed_changes_no_word(outcome: StepOutcome) -> None:
    if outcome is not StepOutcome.ON_PREMISES:  # these are never done there
        assert RULE_OFF not in shown(ended(contained(), ContainmentStep.RULES_OFF, outcome))
        assert FORWARDING_OFF not in shown(ended(contained(), ContainmentStep.FORWARDING_OFF, outcome))
    unset = shown(ended(contained(), ContainmentStep.NEW_PASSWORD, outcome))
    assert "✖ Password not changed" in unset
    assert "set another" not in unset


def test_what_was_off_before_was_not_switched_off_by_us() -> None:
    said = shown(ended(contained(), ContainmentStep.FORWARDING_OFF, StepOutcome.ALREADY_SO))
    assert "forwarded to collector@mail.example · already off when contained" in said


def test_what_was_put_back_is_on_again() -> None:
    back = StepResult(step=ContainmentStep.FORWARDING_OFF, outcome=StepOutcome.DONE, at=NOW)
    assert FORWARDING_OFF not in shown(contained(containment=replace(steps(contained()), put_back=(back,))))


def test_what_was_seen_after_the_steps_is_not_called_switched_off() -> None:
    seen = after_steps(rules=(THAT_RULE,), forwarding=THAT_TARGET)
    said = shown(contained(containment=replace(steps(contained()), after=seen)))
    assert RULE_OFF not in said
    assert FORWARDING_OFF not in said
    elsewhere = after_steps(rules=UNREAD, forwarding=replace(THAT_TARGET, to="second@mail.example"))
    assert RULE_OFF in shown(contained(containment=replace(steps(contained()), after=elsewhere)))
    later = contained(evidence=replace(STOLEN, gathered_at=NOW + HOUR, begun_at=NOW + HOUR - MINUTE, changes=()))
    assert RULE_OFF not in shown(later)


def test_while_the_steps_are_taken_or_read_nobody_is_told_to_contain_first() -> None:
    for name in ("contained", "contain-running", "contain-unclear"):
        said = shown(contained_cases()[name])
        assert "lock the intruder out first" not in said
        assert "the containment is not checked yet" in said
    for name in ("contain-to-confirm", "contained-no-more"):
        assert "lock the intruder out first" in shown(contained_cases()[name])


def test_the_steps_against_an_owner_set_no_password_of_who_asks() -> None:
    case = contained()
    owner = Holder(person=PersonId("kim"), name="Kim Abara", upn="kim@contoso.example", right=SendRight.OWNER)
    kims = SharedMailbox(address=owner.upn, name=owner.name, addresses=(owner.upn,), holders=(owner,))
    account = Account(person=owner.person, name=owner.name, upn=owner.upn)
    asked = replace(case.sender, mailbox=kims, mailbox_address=owner.upn)
    said = shown(replace(case, sender=asked, containment=replace(steps(case), account=account)))
    assert "✖ Password not changed" in said
    assert RULE_OFF in said
    elsewhere = shown(replace(case, containment=replace(steps(case), account=account)))
    assert "✖ Password not changed" in elsewhere
    assert RULE_OFF not in elsewhere
