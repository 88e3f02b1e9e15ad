"""A world that keeps state and can be told to fail: every port but the database, which is real."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.domain.knowledge import Why
from services.domain.people import (
    AuthenticationMethod,
    MethodKind,
    PasswordChange,
    Person,
    PersonId,
    Registration,
    Standing,
)
from services.domain.restriction import RestrictedList, Restriction
from services.ports import (
    Card,
    Place,
    Posted,
    Removal,
    RemovalRefused,
    RemovalUnclear,
    Removed,
    Unavailable,
    Unreachable,
)
from tests.cases import NOW, restriction


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


@dataclass(kw_only=True)
class FakeMail:
    """A restricted list. `outcomes` are the answers to the next removals; after them every removal works."""

    clock: FakeClock
    entries: dict[str, Restriction] = field(default_factory=dict)
    trouble: Why | None = None
    truncated: bool = False
    keeps_listing: bool = False
    outcomes: list[Removal] = field(default_factory=list)
    removals: list[datetime] = field(default_factory=list)
    reads: int = 0

    def restrict(self, address: str, *reason: str) -> None:
        since = self.clock.now() - timedelta(minutes=1)
        self.entries[address] = replace(restriction(*reason, since=since), address=address)

    async def restricted(self) -> RestrictedList:
        self.reads += 1
        if self.trouble:
            raise Unavailable(self.trouble)
        shown = () if self.truncated else tuple(self.entries.values())
        return RestrictedList(entries=shown, complete=not self.truncated, read_at=self.clock.now())

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        if self.trouble:
            raise Unavailable(self.trouble)
        mine = tuple(entry for address, entry in self.entries.items() if address in addresses)
        return RestrictedList(entries=mine, complete=True, read_at=self.clock.now())

    async def release(self, address: str) -> Removal:
        self.removals.append(self.clock.now())
        outcome = self.outcomes.pop(0) if self.outcomes else Removed()
        if isinstance(outcome, Removed) and not self.keeps_listing:
            self.entries.pop(address, None)
        return outcome

    async def ping(self) -> None:
        await self.restricted()


REFUSED = RemovalRefused(error="This sender was unblocked too often.")
UNCLEAR = RemovalUnclear(error="timed out: HTTP 504")


@dataclass(kw_only=True)
class FakeDirectory:
    """People and how their accounts are secured. `troubles` names the questions that fail."""

    people: dict[PersonId, Person]
    troubles: dict[str, Why] = field(default_factory=dict)
    methods_of: dict[PersonId, tuple[AuthenticationMethod, ...]] = field(default_factory=dict)
    changes: tuple[PasswordChange, ...] = ()
    absent: set[str] = field(default_factory=set)
    self_service: bool = True

    def _ask(self, question: str) -> None:
        if why := self.troubles.get(question):
            raise Unavailable(why)
        if question in self.absent:
            raise LookupError(question)

    async def person(self, person: PersonId) -> Person:
        self._ask("person")
        if person not in self.people:
            raise LookupError(person)
        return self.people[person]

    async def methods(self, person: PersonId) -> tuple[AuthenticationMethod, ...]:
        self._ask("methods")
        return self.methods_of.get(person, (AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR),))

    async def registration(self, person: PersonId) -> Registration:
        self._ask("registration")
        return Registration(mfa_registered=bool(await self.methods(person)), self_service_reset=self.self_service)

    async def password_changes(self, person: PersonId, since: datetime) -> tuple[PasswordChange, ...]:
        self._ask("audit")
        return tuple(change for change in self.changes if change.at >= since)

    async def ping(self) -> None:
        self._ask("person")


@dataclass(kw_only=True)
class FakeApprovers:
    """Who may decide."""

    standings: dict[PersonId, Standing]
    trouble: Why | None = None

    async def standing(self, person: PersonId) -> Standing:
        if self.trouble:
            raise Unavailable(self.trouble)
        return self.standings.get(person, Standing.NOT_APPROVER)

    async def anybody_but(self, person: PersonId) -> bool:
        if self.trouble:
            raise Unavailable(self.trouble)
        return any(who != person and standing is Standing.APPROVER for who, standing in self.standings.items())


@dataclass(kw_only=True)
class Sheet:
    """One message of the bot."""

    posted: Posted
    card: Card
    thread: str | None
    updates: int = 0


@dataclass(kw_only=True)
class FakeMessenger:
    """Teams. `closed` maps conversations to the error they answer with; `down` fails every call for now."""

    sheets: list[Sheet] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    down: bool = False

    def _enter(self, place: Place) -> None:
        if self.down:
            raise Unavailable(Why.UNREACHABLE, "Bot Connector: 503")
        if error := self.closed.get(place.conversation):
            raise Unreachable(error)

    async def post(self, place: Place, card: Card, summary: str, *, thread: str | None = None) -> Posted:
        assert summary
        self._enter(place)
        posted = Posted(place=place, activity=str(len(self.sheets) + 1))
        self.sheets.append(Sheet(posted=posted, card=card, thread=thread))
        return posted

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        assert summary
        self._enter(posted.place)
        sheet = next((s for s in self.sheets if s.posted.activity == posted.activity), None)
        if sheet is None:
            return False
        sheet.card, sheet.updates = card, sheet.updates + 1
        return True

    def delete(self, sheet: Sheet) -> None:
        """Somebody deleted the message in Teams."""
        self.sheets[self.sheets.index(sheet)] = replace(
            sheet, posted=replace(sheet.posted, activity="gone"), card={"type": "AdaptiveCard"}
        )


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything outside the process: it goes on when the process dies."""

    clock: FakeClock
    mail: FakeMail
    directory: FakeDirectory
    approvers: FakeApprovers
    messenger: FakeMessenger
