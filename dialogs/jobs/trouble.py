"""What is owed for troubles: a restriction that begins meanwhile goes first, and everybody who joined is told."""

from contextlib import suppress
from datetime import timedelta

from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.look_result import look_result
from dialogs.casework.lookups import Lookups
from dialogs.casework.pause import Pauses
from services.domain.case.case import Case
from services.domain.case.commands.person import Joined
from services.domain.case.creation import created_by_monitor, first_case
from services.domain.case.parts import Sender
from services.domain.case.timers import timers
from services.domain.case.transition import Refused, TaskKind
from services.domain.evidence.report import HISTORY_OVER
from services.domain.people import Person, TeamsUser
from services.domain.trouble.commands import JoinerTold, Superseded
from services.domain.trouble.trouble import Report
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import OutboxTask, Storage

_LOOK_WITHIN = timedelta(seconds=40)


class TroubleJobs:
    """The tasks of troubles."""

    def __init__(
        self, *, writer: CaseWriter, storage: Storage, lookups: Lookups, case_cards: CaseCards, clock: Clock
    ) -> None:
        self._writer, self._lookups, self._case_cards, self._clock = writer, lookups, case_cards, clock
        self._cases, self._queries, self._outbox = storage.cases, storage.queries, storage.outbox
        self._pauses = Pauses(storage.cases, writer.timing.ask_again_after)

    async def check(self, case: Case, task: OutboxTask) -> None:
        """Whether the mailbox is on the list by now: then the case about that goes on. Raises `Unavailable`."""
        listing = await self._lookups.lists.senders.recent()
        if not await self._lookups.listed(listing, case.sender.addresses, self._lookups.lists.senders):
            now = self._clock.now()
            due = timers(case, now, self._writer.timing).get(TaskKind.CHECK)
            await (self._outbox.postpone(task, due) if due else self._outbox.complete(task))
            return
        keys = Sender(
            person=case.sender.person, name="", upn=case.sender.upn, addresses=case.sender.addresses
        ).mailbox_keys
        opened = await self._cases.open_of(*keys)
        other = await self._joined(case, opened) if opened else await self._restricted(case, keys)
        await self._writer.apply_for_worker(case, Superseded(goes_on_in=other.number), task)

    async def _joined(self, case: Case, other: Case) -> Case:
        """The case that somebody else opened about the mailbox; who reported the trouble asks in it as well, or nobody
        would tell them anything any more."""
        asker = TeamsUser(id=case.sender.person, name=case.sender.name)
        if await self._pauses.until_sent(other, self._clock.now()) is not None:
            return other
        with suppress(Refused):  # they ask in it already
            return await self._writer.apply_to_latest(other, Joined(by=asker))
        return other

    async def _restricted(self, case: Case, keys: tuple[str, ...]) -> Case:
        """The new case about the restriction, as if the list monitor had found it."""
        look = await self._lookups.look(case.sender.person, _LOOK_WITHIN)
        if not isinstance(look.person, Person) or look.restriction is None:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE)
        if isinstance(look.restriction, Unknown):
            raise Unavailable(look.restriction.reason)
        now = self._clock.now()
        history = await self._queries.history_of(case.sender.person, now - HISTORY_OVER, keys)
        watch_for = self._writer.timing.watch_for
        found = look_result(look, look.person, look.restriction, history, now, watch_for=watch_for)
        asker = TeamsUser(id=case.sender.person, name=case.sender.name)
        return await self._writer.create(created_by_monitor(first_case(asker, history, now, look=found), now))

    async def tell_joined(self, case: Case, task: OutboxTask) -> None:
        """Each one who joined is told once of each status; it is noted after each, so that a crash repeats one at
        most. Somebody who cannot be written to is left out. Raises `Unavailable`."""
        while waiting := _untold(case):
            who = waiting[0]
            with suppress(Unreachable):  # they took the app out; their name stays on the approvers' card
                await self._case_cards.tell_joiner(case, who)
            told = JoinerTold(person=who.person, status=str(case.status))
            case = await self._writer.apply_to_latest(case, told)
        await self._outbox.complete(task)


def _untold(case: Case) -> list[Report]:
    return [one for one in case.trouble.joined if one.told != case.status] if case.trouble else []
