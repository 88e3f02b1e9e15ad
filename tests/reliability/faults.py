"""The fault matrix: each use of each source × each fault, and the required outcome.

While a source fails, nothing is lost, nothing reads as clean and nothing is done twice; once it works again, the story
ends as without the fault. Each use below says which states its case may have meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp

from bot.connector import BotConnector, SendTiming
from bot.messenger import TeamsMessenger
from dialogs.build import Ports
from dialogs.conversations.inbound import ConversationKind
from sandbox import texts
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import GroupApprovers
from services.clients.http import ApiClient
from services.clients.store.database import Database
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.people import TeamsUser
from services.domain.proofs.securing import MfaFinding, PasswordFinding
from services.ports.teams import ConversationRef
from tests.bot.door import APP, CONNECTOR, TENANT
from tests.cases import BO, MINUTE
from tests.dialogs.world import ANA_CLICKS, CHANNEL, LONG_DAYS, World
from tests.no_driver import opened
from tests.reliability.cloud import CHANGED_NOW, FAULTS, GROUP, ONCE, Cloud
from tests.service import FixedTokens

_WITHIN = timedelta(seconds=0.25)
LONG = 40 * MINUTE
"""Every back-off and grace is over by then."""
S = Status
EVERY_FAULT = (*FAULTS, *ONCE)


class CloudWorld(World):
    """The conversations over the real clients, which talk to a cloud that can fail."""

    def __init__(self, database: Database, cloud: Cloud, session: aiohttp.ClientSession) -> None:
        self.cloud, self._session = cloud, session
        super().__init__(database, LONG_DAYS)

    def ports(self) -> Ports:
        tokens = FixedTokens()

        def api(source: str) -> ApiClient:
            return ApiClient(
                session=self._session,
                base_url=self.cloud.urls[source],
                tokens=tokens,
                timeout=_WITHIN,
                pause=lambda _: asyncio.sleep(0),
            )

        graph = GraphDirectory(api("graph"))
        at_once = timedelta()
        timing = SendTiming(within=_WITHIN, again_after=(at_once,), monotonic=lambda: self.clock.now().timestamp())
        connector = BotConnector(self._session, tokens=tokens, service=CONNECTOR, timing=timing, anonymous=True)
        messenger = TeamsMessenger(connector, app_id=APP, tenant=TENANT, again_after=at_once)
        given = super().ports()
        return replace(
            given,
            microsoft365=replace(
                given.microsoft365,
                senders=ExchangeOnline(InvokeCommand(api("exchange"), TENANT), self.clock),
                directory=graph,
                approvers=GroupApprovers(graph, api("graph"), GROUP),
            ),
            teams=replace(given.teams, messenger=messenger),
        )

    def conversation(self, who: TeamsUser, where: ConversationKind) -> ConversationRef:
        return replace(super().conversation(who, where), service_url=f"{self.cloud.urls['teams']}/")

    async def asks(self) -> None:
        await self.only_says(ANA_CLICKS, "why can't I send email? 5.1.8", ConversationKind.PERSONAL)
        await self.passes()

    async def secures(self) -> None:
        self.cloud.password_changed = CHANGED_NOW
        for verb in ("password_done", "mfa_done", "mailing_no"):
            await self.presses(ANA_CLICKS, verb)

    async def sends(self) -> None:
        await self.asks()
        await self.secures()
        await self.presses(ANA_CLICKS, "send", note="")

    async def approves(self) -> None:
        await self.bo_approves()

    async def has_just_approved(self) -> None:
        """Bo's click is answered, and nothing is carried out yet."""
        await self.sends()
        await self.only_presses(
            BO, "approve", 1, ConversationKind.CHANNEL, {"by_another_route": "true", "ground": "called her"}
        )

    async def latest(self) -> Case | None:
        return await self.cases.latest_of(ANA_CLICKS.id)

    def cards_shown(self) -> Iterable[Card]:
        bodies = [*self.cloud.posts, *(body for _, body in self.cloud.replaced)]
        return (part.get("content", {}) for body in reversed(bodies) for part in body.get("attachments", []))

    def cards_say(self, words: str) -> bool:
        every = [*self.cloud.posts, *(body for _, body in self.cloud.replaced)]
        return any(words in texts(part.get("content", {})) for body in every for part in body.get("attachments", []))

    def posts_saying(self, words: str) -> int:
        return sum(words in texts(part["content"]) for body in self.cloud.posts for part in body["attachments"])


@asynccontextmanager
async def cloud_world(url: str) -> AsyncIterator[CloudWorld]:
    async with Cloud() as cloud, aiohttp.ClientSession() as session, opened(url) as database:
        world = CloudWorld(database, cloud, session)
        await world.conversations.use_channel(replace(CHANNEL, service_url=f"{cloud.urls['teams']}/"))
        yield world


Step = Callable[[CloudWorld], Awaitable[None]]
Meanwhile = Callable[[CloudWorld, Case | None, str], bool]


@dataclass(frozen=True, kw_only=True)
class Use:
    """One use of a source: the steps before it, the step taken while it fails, the states allowed meanwhile, and the
    step that ends the story once the source works again."""

    which: str
    ready: Step
    step: Step
    meanwhile: Meanwhile
    then: Step
    end: Callable[[CloudWorld, Case], bool]
    done_first: bool = False


async def _nothing(_: CloudWorld) -> None:
    """No step is needed."""


async def _asks_again(w: CloudWorld) -> None:
    if await w.latest() is None:  # the directory answered that it knows no such id, so no case was created
        await w.asks()


async def _password(w: CloudWorld) -> None:
    w.cloud.password_changed = CHANGED_NOW
    await w.presses(ANA_CLICKS, "password_done")


async def _asked_and_password(w: CloudWorld) -> None:
    await w.asks()
    await _password(w)


async def _mfa(w: CloudWorld) -> None:
    await w.presses(ANA_CLICKS, "mfa_done")


async def _asked_and_secured(w: CloudWorld) -> None:
    await w.asks()
    await w.secures()


async def _sends(w: CloudWorld) -> None:
    await w.presses(ANA_CLICKS, "send", note="")


async def _sent_and_approved(w: CloudWorld) -> None:
    await w.sends()
    await w.approves()


async def _some_minutes(w: CloudWorld) -> None:
    await w.passes(5 * MINUTE)


async def _approves_if_it_waits(w: CloudWorld) -> None:
    case = await w.latest()
    if case is not None and case.status is S.WAITING:
        await w.approves()


async def _retries_if_it_failed(w: CloudWorld) -> None:
    case = await w.latest()
    if case is not None and case.status is S.FAILED:
        await w.presses(BO, "retry")


def _is(*statuses: Status) -> Meanwhile:
    return lambda _w, case, _fault: case is not None and case.status in statuses


def _looking(_w: CloudWorld, case: Case | None, fault: str) -> bool:
    """Allowed: still looking; found, where a second try was enough; no case, where the directory said "not found"."""
    if case is None:
        return fault == "404"
    return case.status is (S.SECURING if fault in ONCE else S.LOOKING)


def _undecided(w: CloudWorld, case: Case | None, fault: str) -> bool:
    """While the directory cannot say who is an approver, nobody's decision counts."""
    if fault in ONCE:
        return case is not None and case.status in (S.APPROVED, S.UNBLOCKED)
    return case is not None and case.status is S.WAITING and w.cloud.removals == 0


def _not_called(w: CloudWorld, case: Case | None, fault: str) -> bool:
    return fault in ONCE or (case is not None and case.status is S.APPROVED and w.cloud.removals == 0)


_SAID_NO = ("401 for ever", "403", "409", "412")


def _refused_or_retried(_w: CloudWorld, case: Case | None, fault: str) -> bool:
    if case is None:
        return False
    if fault in ONCE:
        return case.status is S.UNBLOCKED
    return case.status is (S.FAILED if fault in _SAID_NO else S.APPROVED) and bool(case.unblock.error)


def _not_taken_for_none(_w: CloudWorld, case: Case | None, fault: str) -> bool:
    good = MfaFinding.REGISTERED_BEFORE if fault in ONCE else MfaFinding.NOT_CHECKED
    return case is not None and case.proofs.mfa.finding is good


def _not_checked(_w: CloudWorld, case: Case | None, fault: str) -> bool:
    good = PasswordFinding.CHANGED_SINCE if fault in ONCE else PasswordFinding.NOT_CHECKED
    return case is not None and case.proofs.password.finding is good


def _changed_all_the_same(_w: CloudWorld, case: Case | None, _fault: str) -> bool:
    return case is not None and case.proofs.password.finding is PasswordFinding.CHANGED_SINCE


def _posted_later(w: CloudWorld, case: Case | None, fault: str) -> bool:
    posted = w.posts_saying("Waiting for a decision")
    return case is not None and case.status is S.WAITING and posted == (1 if fault in ONCE else 0)


def _at(*statuses: Status) -> Callable[[CloudWorld, Case], bool]:
    return lambda _w, case: case.status in statuses


def _unblocked_once(w: CloudWorld, case: Case) -> bool:
    return case.status is S.OFF_LIST and w.cloud.removals == 1


def _posted_once(w: CloudWorld, case: Case) -> bool:
    return case.status is S.WAITING and w.posts_saying("Waiting for a decision") == 1


def _shown_at_last(w: CloudWorld, case: Case) -> bool:
    return case.status is S.OFF_LIST and w.cloud.removals == 1 and w.cards_say("Off the list")


USES: dict[str, Use] = {
    "person at the first look": Use(
        which="person", ready=_nothing, step=CloudWorld.asks, meanwhile=_looking, then=_asks_again, end=_at(S.SECURING)
    ),
    "list at the first look": Use(
        which="list",
        ready=_nothing,
        step=CloudWorld.asks,
        meanwhile=lambda w, case, fault: case is not None and _looking(w, case, fault),
        then=_nothing,
        end=_at(S.SECURING),
    ),
    "person at the password step": Use(
        which="person",
        ready=CloudWorld.asks,
        step=_password,
        meanwhile=_not_checked,
        then=_password,
        end=_at(S.SECURING),
    ),
    "audit at the password step": Use(
        which="audit",
        ready=CloudWorld.asks,
        step=_password,
        meanwhile=_changed_all_the_same,
        then=_nothing,
        end=_at(S.SECURING),
    ),
    "domain at the password step": Use(
        which="domain",
        ready=CloudWorld.asks,
        step=_password,
        meanwhile=_changed_all_the_same,
        then=_nothing,
        end=_at(S.SECURING),
    ),
    "methods at the MFA step": Use(
        which="methods",
        ready=_asked_and_password,
        step=_mfa,
        meanwhile=_not_taken_for_none,
        then=_nothing,
        end=_at(S.SECURING),
    ),
    "standing at the click": Use(
        which="standing",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_undecided,
        then=_approves_if_it_waits,
        end=_unblocked_once,
    ),
    "group at the click": Use(
        which="group",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_undecided,
        then=_approves_if_it_waits,
        end=_unblocked_once,
    ),
    "list at the click": Use(
        which="list",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_undecided,
        then=_approves_if_it_waits,
        end=_unblocked_once,
    ),
    "list before the release": Use(
        which="list",
        ready=CloudWorld.has_just_approved,
        step=CloudWorld.passes,
        meanwhile=_not_called,
        then=_nothing,
        end=_unblocked_once,
    ),
    "removal": Use(
        which="remove",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_refused_or_retried,
        then=_retries_if_it_failed,
        end=_unblocked_once,
    ),
    "removal, done and its answer lost": Use(
        which="remove",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_is(S.APPROVED, S.UNBLOCKED, S.FAILED),
        then=_nothing,
        end=_unblocked_once,
        done_first=True,
    ),
    "list at the re-check": Use(
        which="list",
        ready=_sent_and_approved,
        step=_some_minutes,
        meanwhile=lambda _w, case, fault: case is not None and case.status in (S.UNBLOCKED, *_off(fault)),
        then=_nothing,
        end=_unblocked_once,
    ),
    "posting the request": Use(
        which="post", ready=_asked_and_secured, step=_sends, meanwhile=_posted_later, then=_nothing, end=_posted_once
    ),
    "replacing cards": Use(
        which="replace",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_is(S.UNBLOCKED, S.APPROVED),
        then=_nothing,
        end=_shown_at_last,
    ),
    "posting what the person is told": Use(
        which="post",
        ready=CloudWorld.sends,
        step=CloudWorld.approves,
        meanwhile=_is(S.UNBLOCKED, S.APPROVED),
        then=_nothing,
        end=_shown_at_last,
    ),
}


def _off(fault: str) -> tuple[Status, ...]:
    return (S.OFF_LIST,) if fault in ONCE else ()


async def play(use: Use, fault: str, url: str) -> list[str]:
    """Plays one row; returns the promises that were broken."""
    broken = []
    async with cloud_world(url) as world:
        await use.ready(world)
        world.cloud.done_first = use.done_first
        await world.cloud.fails(use.which, fault)
        await use.step(world)
        case = await world.latest()
        if not use.meanwhile(world, case, fault):
            broken.append(f"meanwhile: {case and case.status}, {case and case.unblock.error}")
        if world.cards_say("is not restricted"):
            broken.append("taken for clean")
        await world.cloud.heal()
        await use.then(world)
        await world.passes(LONG)
        case = await world.latest()
        if case is None or not use.end(world, case):
            broken.append(f"at the end: {case and case.status}, {world.cloud.removals} removals")
    return broken


_MET_FIRST = (
    *("person at the first look", "person at the password step", "list at the first look", "standing at the click"),
    *("list before the release", "list at the re-check", "posting the request", "replacing cards"),
    "posting what the person is told",
)


def rows() -> Iterator[tuple[str, str]]:
    """Returns every use × every fault that can occur there."""
    for name, use in USES.items():
        for fault in EVERY_FAULT:
            rejected = use.done_first and fault in {"429", "429 with Retry-After", *_SAID_NO, *ONCE}
            # A refused connection fails every use of the source: it is played at the source's first use only.
            whole_source = fault == "refused" and name not in _MET_FIRST
            if not rejected and not whole_source:
                yield name, fault
