"""The directory: people, approvers, who is on duty."""

from dataclasses import dataclass, field
from datetime import datetime

from services.domain.mention import Mention
from services.domain.people import (
    AuthenticationMethod,
    MethodKind,
    PasswordChange,
    Person,
    PersonId,
    Registration,
    Standing,
)
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable


@dataclass(kw_only=True)
class FakeDirectory:
    """People and how their accounts are secured. `troubles` names the questions that fail, `bugs` those whose client
    has a bug."""

    people: dict[PersonId, Person]
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    methods_of: dict[PersonId, tuple[AuthenticationMethod, ...]] = field(default_factory=dict)
    changes: tuple[PasswordChange, ...] = ()
    absent: set[str] = field(default_factory=set)
    bugs: dict[str, Exception] = field(default_factory=dict)
    self_service: bool = True
    asked: int = 0

    def _ask(self, question: str) -> None:
        self.asked += 1
        if reason := self.troubles.get(question):
            raise Unavailable(reason)
        if bug := self.bugs.get(question):
            raise bug
        if question in self.absent:
            raise NotFound(question)

    async def person(self, person: PersonId) -> Person:
        self._ask("person")
        if person not in self.people:
            raise NotFound(person)
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
    trouble: UnknownReason | None = None
    unsure: bool = False
    """Whether the directory cannot say who else may decide."""
    gone: bool = False
    """Whether there is no such group."""
    asked: int = 0

    async def standing(self, person: PersonId) -> Standing:
        self.asked += 1
        if self.gone:
            raise NotFound("group")
        if self.trouble:
            raise Unavailable(self.trouble)
        return self.standings.get(person, Standing.NOT_APPROVER)

    async def anybody_but(self, person: PersonId) -> bool:
        if self.gone:
            raise NotFound("group")
        if self.trouble or self.unsure:
            raise Unavailable(self.trouble or UnknownReason.TIMED_OUT)
        return any(who != person and standing is Standing.APPROVER for who, standing in self.standings.items())


@dataclass(kw_only=True)
class FakeMentions:
    """Whom a request mentions: nobody, if a test names nobody."""

    known: tuple[Mention, ...] = ()
    trouble: UnknownReason | None = None
    hangs: bool = False

    async def of_approvers(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        if self.trouble:
            raise Unavailable(self.trouble)
        if self.hangs:
            raise TimeoutError  # as the time limit around the call does
        return tuple(one for one in self.known if one.id not in but)
