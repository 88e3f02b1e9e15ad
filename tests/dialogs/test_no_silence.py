"""Each status that waits for a source, with each source that fails: somebody is told in time, nothing is lost, and the
case goes on by itself once the source is back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.creation import created_by_person
from services.domain.case.noted_facts import noted
from services.domain.case.parts import CaseNumber
from services.domain.case.stall import TOLD_AFTER
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import TaskKind
from services.domain.people import PersonId, TeamsUser
from services.domain.unknown import UnknownReason
from tests.cases import CASES, HOUR, LIMIT_REASON, MINUTE, NOW, SINCE, person
from tests.dialogs.rounds import run_all_due
from tests.dialogs.world import CHANNEL, World

Turn = Callable[[World, bool], None]
"""Makes a source fail, or puts it right again."""


def the_list(why: UnknownReason, hours: int = 0) -> Turn:
    def turn(w: World, fails: bool) -> None:
        w.mail.trouble, w.mail.pause = (why, hours * HOUR if hours else None) if fails else (None, None)

    return turn


def cut(w: World, fails: bool) -> None:
    w.mail.truncated = w.mail.cut_everywhere = fails


def exchange(w: World, fails: bool) -> None:
    w.mail.trouble = w.mailboxes.trouble = UnknownReason.UNREACHABLE if fails else None


def graph(w: World, fails: bool) -> None:
    w.directory.troubles = dict.fromkeys(("person", "methods", "registration", "audit"), UnknownReason.TIMED_OUT)
    w.directory.troubles = w.directory.troubles if fails else {}
    w.approvers.trouble = UnknownReason.TIMED_OUT if fails else None


def group(w: World, fails: bool) -> None:
    w.approvers.gone = fails


def channel(w: World, fails: bool) -> None:
    w.messenger.closed = {CHANNEL.id: "404 ConversationNotFound"} if fails else {}


FAILS: dict[str, Turn] = {
    "no right to read the list": the_list(UnknownReason.NO_PERMISSION),
    "throttled for an hour": the_list(UnknownReason.THROTTLED, hours=1),
    "the list is cut": cut,
    "Exchange is away": exchange,
    "Graph is away": graph,
    "no such group": group,
    "no such channel": channel,
}
NEED_NO_LIST = ("Graph is away", "no such group", "no such channel")


@dataclass(frozen=True, kw_only=True)
class Waits:
    """A status that waits for a source, and what becomes of it with the source. `since`: of its entry on the list."""

    status: Status
    then: Status
    since: datetime | None = None

    @property
    def address(self) -> str:
        return f"{self.status}@contoso.example"

    @property
    def whose(self) -> TeamsUser:
        return TeamsUser(
            id=PersonId(f"00000000-0000-4000-8000-0000000001{list(Status).index(self.status):02}"), name=self.status
        )


WAITING = (
    Waits(status=Status.LOOKING, then=Status.SECURING, since=SINCE),
    Waits(status=Status.APPROVED, then=Status.OFF_LIST, since=SINCE),
    Waits(status=Status.UNBLOCKED, then=Status.OFF_LIST),
    Waits(status=Status.NEEDS_TICKET, then=Status.OFF_LIST),
    Waits(status=Status.WITH_MICROSOFT, then=Status.OFF_LIST),
    Waits(status=Status.OFF_LIST, then=Status.RELAPSED, since=NOW - MINUTE),
)


async def comes_to(w: World, waits: Waits) -> CaseNumber:
    """Somebody's case has come to this status, and its next step is due."""
    who, address = waits.whose, waits.address
    w.directory.people[who.id] = person(id=who.id, name=who.name, upn=address, addresses=(address,))
    if waits.since:
        w.mail.restrict(address, LIMIT_REASON, since=waits.since)
    await w.conversations.remember(who.id, w.conversation(who, ConversationKind.PERSONAL))
    case = CASES[waits.status]
    known = () if waits.status is Status.LOOKING else (address,)
    case = replace(
        case, look_failed=None, sender=replace(case.sender, person=who.id, name=who.name, upn=address, addresses=known)
    )
    if case.restriction:
        case = replace(case, restriction=replace(case.restriction, address=address), facts=())
    due = {kind: NOW if kind is TaskKind.CHECK else at for kind, at in timers(case, NOW, w.timing).items()}
    return (await w.cases.save(created_by_person(noted(case, NOW), NOW), due)).number


async def goes_by(w: World, span: timedelta) -> None:
    """Time passes for a worker that looks every two minutes: enough for whatever is tried again within three."""
    end = w.clock.time + span
    while w.clock.time < end:
        await run_all_due(w.database, w.workers, w.clock.time)
        w.clock.time += 2 * MINUTE


def was_told_of(w: World, waits: Waits, number: int) -> bool:
    """Whether the approvers were told that it comes no further, or the person was who waits for an answer."""
    if waits.status is Status.LOOKING:
        return any("Nothing is known yet" in w.text_of(sheet) for sheet in w.sheets(waits.whose))
    return any(f"{number} ({waits.status})" in line and " since " in line for line in map(w.text_of, w.posts()))


@pytest.mark.parametrize("what", FAILS)
async def test_nothing_waits_for_a_source_in_silence(what: str, w: World) -> None:
    FAILS[what](w, True)
    numbers = {waits: await comes_to(w, waits) for waits in WAITING}
    await goes_by(w, TOLD_AFTER + 4 * MINUTE)
    told = {waits.status for waits, number in numbers.items() if was_told_of(w, waits, number)}
    went_on = {waits.status for waits, number in numbers.items() if await w.status(number) is waits.then}
    assert told | went_on == {waits.status for waits in WAITING}
    assert bool(went_on) is (what in NEED_NO_LIST)
    FAILS[what](w, False)
    await goes_by(w, HOUR if what == "throttled for an hour" else 8 * MINUTE)
    ends = {waits.status: await w.status(number) for waits, number in numbers.items()}
    assert ends == {waits.status: waits.then for waits in WAITING}
