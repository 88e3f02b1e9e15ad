"""Personal fields are deleted in time and never logged; a change of approvers-only fields updates no person's card."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from operator import attrgetter
from typing import get_args

import pytest
from pydantic import TypeAdapter

from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.approver import Approved
from services.domain.case.commands.command import Command
from services.domain.case.commands.intention import ApprovalIntended, IntentionChecked
from services.domain.case.commands.person import CallCodeWritten, Replied, Withdrew
from services.domain.case.forgetting import forgotten
from services.domain.case.noted_facts import noted
from services.domain.case.status import Status
from services.domain.case.transition import Refused
from services.domain.containment.commands import ContainmentRequested, ContainmentSigned, PutBackRequested
from services.domain.containment.containment import ContainmentStep
from services.domain.limits.change import Stage
from services.domain.limits.commands import LimitsApproved
from services.domain.personal import ApproversOnly, Personal, Privacy, same_without, without
from services.domain.proofs.securing import Mailing, SentMailing
from tests.cases import CASES, HOUR, NOW, TIMING, report
from tests.filled import fields_shown, filled

VARIANTS = range(len(Status))
"""As many as the longest enum has members, so that each member and each type of a union occurs."""
NOBODYS = {"bounce_code", "bounce_cause"}
"""Texts that are kept, since these codes identify nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    author: Personal[str]
    words: Personal[str] = "none"
    stars: ApproversOnly[int] = 0
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Binder:
    first: Note
    others: tuple[Note, ...] = ()
    owner: ApproversOnly[Personal[Note | None]] = None


def test_a_marked_field_goes_back_to_what_it_is_when_nothing_was_said() -> None:
    note = Note(author="Ana", words="mine", stars=2, number=3)
    assert without(note, Privacy.PERSONAL) == Note(author="", words="none", stars=2, number=3)
    assert without(note, Privacy.APPROVERS_ONLY) == replace(note, stars=0)


def test_marks_count_in_what_a_value_holds_as_well() -> None:
    note = Note(author="Ana", words="mine", stars=2, number=3)
    bare = Note(author="", stars=2, number=3)
    binder = Binder(first=note, others=(note, note), owner=note)
    assert without(binder, Privacy.PERSONAL) == Binder(first=bare, others=(bare, bare))
    quiet = replace(note, stars=0)
    assert without(binder, Privacy.APPROVERS_ONLY) == Binder(first=quiet, others=(quiet, quiet))


@pytest.mark.parametrize("privacy", Privacy)
def test_two_values_are_the_same_without_such_fields_where_what_is_left_of_them_is(privacy: Privacy) -> None:
    note = Note(author="Ana", words="mine", stars=2, number=3)
    others = (replace(note, author="Bo"), replace(note, stars=1), replace(note, number=4))
    binder = Binder(first=note, others=(note, note), owner=note)
    binders = [replace(binder, others=(note, one)) for one in others]
    binders += [replace(binder, first=one, owner=None) for one in others]
    cases = [case for which in (0, 1) for case in cases_in_every_shape(which)][::7]
    for values in ([note, *others], [binder, replace(binder, others=(note,)), *binders], cases):
        left = [without(value, privacy) for value in values]
        for one, other in product(range(len(values)), repeat=2):
            assert same_without(values[one], values[other], privacy) is (left[one] == left[other])
            assert same_without(left[one], values[other], privacy) is (left[one] == left[other])


@pytest.mark.parametrize("which", VARIANTS)
def test_nobodys_name_address_or_word_is_left_of_a_forgotten_case(which: int) -> None:
    case = filled(Case, which)
    assert {"sender.name", "decision.internal", "closed.text", "proofs.password.changed_from"} <= fields_shown(case)
    assert fields_shown(forgotten(case)) == NOBODYS


@pytest.mark.parametrize("which", VARIANTS)
def test_a_forgotten_case_can_be_kept_and_read_again(which: int) -> None:
    stored = TypeAdapter(Case)
    case = forgotten(filled(Case, which))
    assert stored.validate_json(stored.dump_json(case)) == case


@pytest.mark.parametrize("status", [status for status in Status if status.is_ended], ids=str)
def test_status_times_causes_and_counts_stay(status: Status) -> None:
    case = replace(filled(Case), status=status)
    kept = forgotten(case)
    for name in (
        *("number", "version", "status", "bounce_code", "look_failed", "opened_at", "ended_at", "bouncing_at"),
        "bounce_sent_at",
        *("sender.self_service_reset", "past", "contact.person_spoke_at", "contact.contacted_first"),
        *("contact.found_by_monitor_at", "request.sole_approver", "request.sent_at", "request.reminded_at"),
        *("request.admins_told_at", "unblock.calls", "unblock.tried_at", "unblock.waits_until", "unblock.done_at"),
        *("list_reads.checks", "list_reads.absent_at", "list_reads.missing_at", "list_reads.off_list_at"),
    ):
        assert attrgetter(name)(kept) == attrgetter(name)(case), name
    assert kept.restriction == replace(case.restriction, address="", reason="", other_fields=())
    assert kept.proofs.mfa == replace(case.proofs.mfa, added=())
    assert kept.proofs.password == replace(case.proofs.password, changed_by=None, changed_from=None)
    decided_on = without(case.decision.facts, Privacy.PERSONAL)
    assert kept.decision == replace(case.decision, by="", name="", reason="", internal="", facts=decided_on)
    assert kept.closed == replace(case.closed, by="", name="", text="")


@pytest.mark.parametrize("which", VARIANTS)
def test_a_case_in_a_log_tells_of_nobody(which: int) -> None:
    case = filled(Case, which)
    for logged in (repr(case), str(case), f"{(case,)}"):
        assert fields_shown(logged) == NOBODYS
    assert f"number={case.number}, version={case.version}" in repr(case)


def cases_in_every_shape(which: int) -> Iterator[Case]:
    """Yields cases in every status: with text in every field, and honest ones whose limits may be changed."""
    full = filled(Case, which)
    full = replace(full, sender=replace(full.sender, connector_id=""))
    unconfirmed = replace(full.containment, confirmed=None, putting_back=())
    read = replace(full.containment.after, read_at=NOW + 10_000 * HOUR)
    over = replace(full.containment, steps=(), putting_back=(), after=read, signed=())
    troubled, full = full, replace(full, trouble=None)
    shapes = [troubled, full, *(replace(full, containment=one) for one in (None, unconfirmed, over))]
    said = Mailing(sent=SentMailing.YES, recipients="2,001")
    for status, case in CASES.items():
        honest = replace(case, evidence=report(gathered_at=NOW - HOUR), proofs=replace(case.proofs, mailing=said))
        proposed = replace(honest, limit_change=replace(full.limit_change, stage=Stage.PROPOSED))
        intended = replace(honest, intended=full.intended)
        waits = replace(honest, evidence_wanted_at=NOW)
        yield from (replace(shape, status=status) for shape in (*shapes, honest, proposed, intended, waits))


def _fitting(command: Command, case: Case) -> Command:
    """The command, about what this very case has."""
    if isinstance(command, ContainmentRequested):
        return replace(command, account=None)
    if isinstance(command, CallCodeWritten):
        return replace(command, by=replace(command.by, id=case.sender.account.person))
    if isinstance(command, ContainmentSigned):
        return replace(command, items=frozenset(item.id for item in case.still_open))
    if isinstance(command, PutBackRequested) and case.facts:
        return replace(command, facts=case.facts[-1].number)
    if isinstance(command, IntentionChecked):
        return replace(command, approval=replace(command.approval, facts=None, fresh=None))
    if isinstance(command, Withdrew | Replied):
        return replace(command, by=None)
    if isinstance(command, ApprovalIntended):
        return replace(command, facts=None)
    return replace(command, facts=None, fresh=None) if isinstance(command, Approved | LimitsApproved) else command


def test_what_the_history_sees_of_any_command_is_findings_and_an_error_never_words() -> None:
    """The error text of a service is left out here: the store deletes it with the other details."""
    told: dict[type, set[str]] = {}
    for which in range(len(ContainmentStep)):
        commands: list[Command] = [filled(kind, which) for kind in get_args(Command)]
        # What names no step has one form, and was tried in every shape before.
        commands = [one for one in commands if type(one) not in told or one != filled(type(one), 0)]
        cases = [noted(case, NOW) for case in cases_in_every_shape(which)]
        for case, command in product(cases, commands):
            with suppress(Refused):
                event = apply(case, _fitting(command, case), NOW, TIMING).event
                seen = {key: text for key, text in event.facts.items() if key != "error"}
                told.setdefault(type(command), set()).update(fields_shown(seen))
    assert told == {kind: set() for kind in get_args(Command)}
