"""Each duty, paid once: show, tell, look, release, check, remind, expire."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from dialogs.casework.case_cards import Showing
from dialogs.casework.case_writer import Desk
from dialogs.casework.first_case import found_by, looked
from dialogs.casework.lookups import Evidence, Look
from dialogs.casework.shared_list import SAME_MOMENT, SharedList
from dialogs.jobs.containment import ContainmentWork
from dialogs.jobs.evidence import Gathering
from dialogs.jobs.limits import LimitsDuty
from dialogs.jobs.unblock import Release
from services.domain.case.apply import moved
from services.domain.case.case import Case, Status
from services.domain.case.commands import Expired, Forgotten, ListRead, LookFailed, Reminded, WatchEnded
from services.domain.case.timers import timers
from services.domain.case.transition import Duty, Refusal, RefusedMove
from services.domain.people import Person
from services.domain.unknown import Unknown, Why
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.ports.microsoft365 import MailSystem
from services.ports.storage import Cases, ChannelWatch, Register, Todo, Todos

_LOOK_WITHIN = timedelta(seconds=30)
_HISTORY = timedelta(days=90)


class Duties:
    """Pays one todo at a time."""

    def __init__(
        self,
        *,
        desk: Desk,
        cases: Cases,
        register: Register,
        todos: Todos,
        mail: MailSystem,
        connectors: MailSystem,
        evidence: Evidence,
        showing: Showing,
        channel: ChannelWatch,
        clock: Clock,
        gathering: Gathering,
        containment: ContainmentWork,
        limits: LimitsDuty,
    ) -> None:
        self._channel = channel
        self._desk = desk
        self._cases = cases
        self._register = register
        self._todos = todos
        self._evidence = evidence
        self._showing = showing
        self._clock = clock
        self._connectors = connectors
        # Where two reads count as apart sooner than that, a read shared for longer would hold up the second one.
        within = min(SAME_MOMENT, desk.limits.reads_apart)
        self._list, self._connectors_list = SharedList(mail, clock, within), SharedList(connectors, clock, within)
        self._release = Release(desk=desk, mail=mail, connectors=connectors, evidence=evidence, clock=clock)
        self._ways: dict[Duty, Callable[[Case, Todo], Awaitable[None]]] = {
            Duty.SHOW_PERSON: self._show_person,
            Duty.SHOW_APPROVERS: self._show_approvers,
            Duty.TELL_PERSON: self._tell_person,
            Duty.TELL_APPROVERS: self._tell_approvers,
            Duty.LOOK: self._look,
            Duty.RELEASE: self._release.pay,
            Duty.CHECK: self._check,
            Duty.REMIND: self._remind,
            Duty.EXPIRE: self._expire,
            Duty.WATCH_END: self._watch_end,
            Duty.ASK_BACK: self._ask_back,
            Duty.FORGET: self._forget,
            Duty.GATHER: gathering.pay,
            Duty.POST_APPROVERS: self._post_approvers,
            Duty.CONTAIN: containment.pay,
            Duty.LIMITS: limits.pay,
        }

    async def pay(self, todo: Todo) -> None:
        """Do what is owed and settle it.

        Raises:
            Unavailable: try again later.
            ChangedMeanwhile: somebody moved the case; look again soon.
            RefusedMove: the case has moved on and owes this no more.
        """
        case = await self._cases.get(todo.case)
        if case is None:
            raise RefusedMove(Refusal.NO_SUCH_CASE)
        await self._ways[todo.duty](case, todo)

    async def _show_person(self, case: Case, todo: Todo) -> None:
        await self._reach(case, todo, self._showing.show_person)

    async def _tell_person(self, case: Case, todo: Todo) -> None:
        await self._reach(case, todo, self._showing.tell_person)

    async def _reach(self, case: Case, todo: Todo, way: Callable[[Case], Awaitable[None]]) -> None:
        """A person who cannot be written to is named on the approvers' card; the message is given up."""
        try:
            await self._showing.make_reachable(case)
            await way(case)
            await self._catch_up(case, self._showing.show_person)
            error = None
        except Unreachable as trouble:
            error = str(trouble)
        await self._todos.pay(todo)
        await self._desk.note_reach(case, error)

    async def _show_approvers(self, case: Case, todo: Todo) -> None:
        await self._in_channel(self._showing.show_approvers(case))
        await self._in_channel(self._catch_up(case, self._showing.show_approvers))
        await self._todos.pay(todo)

    async def _post_approvers(self, case: Case, todo: Todo) -> None:
        await self._in_channel(self._showing.repost_approvers(case))
        await self._todos.pay(todo)

    async def _tell_approvers(self, case: Case, todo: Todo) -> None:
        history = await self._cases.history(case.number)
        await self._in_channel(self._showing.tell_approvers(case, history[todo.event - 1]))
        await self._todos.pay(todo)

    async def _catch_up(self, case: Case, show: Callable[[Case], Awaitable[None]]) -> None:
        """Where the case was moved while it was shown, another replica may have shown it already: the later picture
        must be the one that stays."""
        while (present := await self._cases.get(case.number)) and present.version != case.version:
            case = present
            await show(case)

    async def _in_channel(self, work: Awaitable[None]) -> None:
        """A channel that is gone may come back: the request is kept and tried again."""
        try:
            await work
        except Unreachable as trouble:
            await self._channel.lost(str(trouble), self._clock.now())
            raise Unavailable(Why.UNREACHABLE, str(trouble)) from trouble
        await self._channel.found()

    async def _look(self, case: Case, todo: Todo) -> None:
        look = await self._evidence.look(case.person, _LOOK_WITHIN, case.mailbox_address)
        found = found_by(look, case.mailbox_address)
        if not isinstance(look.person, Person) or isinstance(found, Unknown):
            why = _why_not(look)
            if why is not case.not_looked:
                await self._desk.advance(case, LookFailed(why=why))
            raise Unavailable(why)
        now = self._clock.now()
        tally = await self._register.tally(case.person, now - _HISTORY, case.mailbox_address)
        await self._desk.advance(case, looked(look, look.person, found, tally, now), todo)

    async def _check(self, case: Case, todo: Todo) -> None:
        listing = await (self._connectors_list if case.connector else self._list).read()
        entry = await self._evidence.listed(listing, case.addresses, self._connectors if case.connector else None)
        act = ListRead(restriction=entry, read_at=listing.read_at)
        now = self._clock.now()
        if moved(case, act, now, self._desk.limits).case == case:
            due = timers(case, now, self._desk.limits).get(Duty.CHECK)
            await (self._todos.postpone(todo, due) if due else self._todos.pay(todo))
            return
        await self._desk.advance(case, act, todo)

    async def _remind(self, case: Case, todo: Todo) -> None:
        if not await self._is_early(case, todo):
            await self._desk.advance(case, Reminded(), todo)

    async def _expire(self, case: Case, todo: Todo) -> None:
        if not await self._is_early(case, todo):
            await self._desk.advance(case, Expired(), todo)

    async def _watch_end(self, case: Case, todo: Todo) -> None:
        if not await self._is_early(case, todo):
            await self._desk.advance(case, WatchEnded(), todo)

    async def _ask_back(self, case: Case, todo: Todo) -> None:
        if case.status is not Status.OFF_LIST:
            raise RefusedMove(Refusal.NOT_NOW)
        await self._reach(case, todo, self._showing.tell_person)

    async def _forget(self, case: Case, todo: Todo) -> None:
        if await self._is_early(case, todo):
            return
        await self._showing.fold_all(case)
        await self._showing.refresh_digest(await self._desk.advance(case, Forgotten(), todo))

    async def _is_early(self, case: Case, todo: Todo) -> bool:
        """Whether the case owes this later than when it was claimed: somebody spoke, or a setting changed."""
        now = self._clock.now()
        due = timers(case, now, self._desk.limits).get(todo.duty)
        if due is None or due <= now:
            return False
        await self._todos.postpone(todo, due)
        return True


def _why_not(look: Look) -> Why:
    unknown = next((found for found in (look.person, look.restriction) if isinstance(found, Unknown)), None)
    return unknown.why if unknown else Why.STRANGE_ANSWER
