"""Fakes that keep state and can be told to fail, for every port but the database, which is real."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.domain.card import Card
from services.domain.checks.checks import MailboxHome
from services.domain.checks.mailbox_state import MailboxFill, SmtpAuth
from services.domain.checks.replies import ServerReply
from services.domain.containment.after_steps import AccountRead
from services.domain.containment.containment import ContainmentStep, StepOutcome, StepResult
from services.domain.delivery.traced import Traced, TracedRow
from services.domain.evidence.report import (
    AccountChange,
    Excerpt,
    Forwarding,
    InboxRule,
    Listing,
    Report,
    Risk,
    SentMail,
    SignIn,
)
from services.domain.limits.outbound_policy import AutoForwarding, OutboundPolicy, PolicySnapshot
from services.domain.limits.policy_plan import Plan
from services.domain.limits.policy_steps import with_steps, without_steps
from services.domain.limits.sending_limits import STANDARD
from services.domain.limits.tenant_limit import TenantLimit
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
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import UnknownReason
from services.ports.errors import CardRefused, NotFound, Unavailable, Unreachable
from services.ports.microsoft365 import (
    PolicyApplied,
    PolicyOutcome,
    Removal,
    RemovalDone,
    RemovalRefused,
    RemovalUnclear,
)
from services.ports.teams import ConversationRef, Posted
from tests.cases import NOW, report, restriction


class FakeClock:
    """A clock that stands still until a test sets it."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


@dataclass(kw_only=True)
class FakeMail:
    """A restricted list. `outcomes` are the results of the next calls of Remove; later calls succeed."""

    clock: FakeClock
    entries: dict[str, Restriction] = field(default_factory=dict)
    trouble: UnknownReason | None = None
    pause: timedelta | None = None
    """How long it asks to be left alone while there is trouble."""
    truncated: bool = False
    cut_everywhere: bool = False
    """Whether the list of one sender is incomplete as well."""
    keeps_listing: bool = False
    outcomes: list[Removal] = field(default_factory=list)
    removals: list[datetime] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unblocked: list[str] = field(default_factory=list)
    """The addresses that Remove was called for, in order."""
    reads: int = 0
    when_read: Callable[[], Awaitable[None]] | None = None
    """What happens while somebody waits for the list."""

    def restrict(self, address: str, *reason: str, since: datetime | None = None) -> None:
        since = since or self.clock.now() - timedelta(minutes=1)
        self.entries[address] = replace(restriction(*reason, since=since), address=address)

    async def restricted(self) -> RestrictedList:
        self.reads += 1
        if self.when_read:
            await self.when_read()
        if self.trouble:
            raise Unavailable(self.trouble, retry_after=self.pause)
        shown = () if self.truncated else tuple(self.entries.values())
        return RestrictedList(entries=shown, complete=not self.truncated, read_at=self.clock.now())

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        if self.trouble:
            raise Unavailable(self.trouble, retry_after=self.pause)
        if self.cut_everywhere:
            raise Unavailable(UnknownReason.INCOMPLETE)
        mine = tuple(entry for address, entry in self.entries.items() if address in addresses)
        return RestrictedList(entries=mine, complete=True, read_at=self.clock.now())

    async def unblock(self, address: str, note: str) -> Removal:
        self.notes.append(note)
        self.removals.append(self.clock.now())
        self.unblocked.append(address)
        outcome = self.outcomes.pop(0) if self.outcomes else RemovalDone()
        if isinstance(outcome, RemovalDone) and not self.keeps_listing:
            self.entries.pop(address, None)
        return outcome

    async def ping(self) -> None:
        await self.restricted()


REFUSED = RemovalRefused(error="This sender was unblocked too often.")


UNCLEAR = RemovalUnclear(error="timed out: HTTP 504")


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
    pause: timedelta | None = None
    """How long it asks to be left alone while there is trouble."""
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
            raise Unavailable(self.trouble, retry_after=self.pause)
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


@dataclass(kw_only=True)
class Sheet:
    """One message of the bot."""

    posted: Posted
    card: Card
    thread: str | None
    updates: int = 0
    notified: list[str] = field(default_factory=list)
    """Whom it mentioned when it was posted; an update notifies nobody."""


@dataclass(kw_only=True)
class FakeMessenger:
    """Teams. `closed` maps conversations to the error they answer with; `down` fails every call for now;
    `takes_mentions`: whether it knows those who are mentioned; `takes_at_most`: bytes of a card."""

    sheets: list[Sheet] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    down: bool = False
    takes_mentions: bool = True
    slow_updates: asyncio.Event | None = None
    """Until it is set no update is answered."""
    update_asked: asyncio.Event = field(default_factory=asyncio.Event)
    updates_asked: int = 0
    asked: int = 0
    """Messages and updates that it was to take, whether it took them or not."""
    takes_at_most: int = 28 * 1024

    def _enter(self, conversation: ConversationRef) -> None:
        self.asked += 1
        if self.down:
            raise Unavailable(UnknownReason.UNREACHABLE, "Bot Connector: 503")
        if error := self.closed.get(conversation.id):
            raise Unreachable(error)

    def _weigh(self, card: Card) -> None:
        if len(json.dumps(card, ensure_ascii=False).encode()) > self.takes_at_most:
            raise CardRefused("413 MessageSizeTooBig")

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        assert summary
        self._enter(conversation)
        self._weigh(card)
        entities = card.get("msteams", {}).get("entities", [])
        if entities and not self.takes_mentions:
            raise CardRefused("400 BadArgument")
        posted = Posted(conversation=conversation, activity=str(len(self.sheets) + 1))
        notified = [entity["mentioned"]["name"] for entity in entities]
        self.sheets.append(Sheet(posted=posted, card=card, thread=thread, notified=notified))
        return posted

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        assert summary
        self.updates_asked += 1
        self.update_asked.set()
        if self.slow_updates is not None:
            await self.slow_updates.wait()
        self._enter(posted.conversation)
        self._weigh(card)
        sheet = next((s for s in self.sheets if s.posted.activity == posted.activity), None)
        if sheet is None:
            return False
        sheet.card, sheet.updates = card, sheet.updates + 1
        return True

    def delete(self, sheet: Sheet) -> None:
        """Deletes the message, as somebody does in Teams."""
        self.sheets[self.sheets.index(sheet)] = replace(
            sheet, posted=replace(sheet.posted, activity="gone"), card={"type": "AdaptiveCard"}
        )


@dataclass(kw_only=True)
class FakeMailboxes:
    """Mailboxes and who may send from them. `troubles` names addresses that cannot be asked about, `trouble` all."""

    known: dict[str, SharedMailbox] = field(default_factory=dict)
    trouble: UnknownReason | None = None
    bug: Exception | None = None
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    homes: dict[str, MailboxHome] = field(default_factory=dict)
    """Where mailboxes are that are not here."""

    async def home(self, address: str) -> MailboxHome:
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        return self.homes.get(address, MailboxHome.HERE)

    fills: dict[str, MailboxFill] = field(default_factory=dict)
    auth: SmtpAuth = SmtpAuth.ON

    async def fill(self, address: str) -> MailboxFill:
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        return self.fills.get(address, MailboxFill(used=1, sends_below=50_000_000_000))

    async def smtp_auth(self, address: str) -> SmtpAuth:
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        return self.auth

    async def mailbox(self, address: str) -> SharedMailbox:
        self.asked.append(address)
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        if self.bug is not None:
            raise self.bug
        if address not in self.known:
            raise NotFound(address)
        return self.known[address]

    async def addresses(self, address: str) -> tuple[str, ...]:
        return (await self.mailbox(address)).addresses


@dataclass(kw_only=True)
class FakeFiles:
    """Dropped files, by their addresses; `fetched` are those that were asked for."""

    kept: dict[str, bytes] = field(default_factory=dict)
    trouble: Unavailable | Unreachable | None = None
    fetched: list[str] = field(default_factory=list)

    async def content(self, url: str) -> bytes:
        self.fetched.append(url)
        if self.trouble is not None:
            raise self.trouble
        return self.kept[url]


@dataclass(kw_only=True)
class FakeInstaller:
    """Installing the app for people: `chats` are those it may reach."""

    chats: dict[PersonId, str] = field(default_factory=dict)
    installed: list[PersonId] = field(default_factory=list)

    async def chat_with(self, person: PersonId) -> str:
        if person not in self.chats:
            raise Unreachable("no chat with this person is known")
        self.installed.append(person)
        return self.chats[person]


@dataclass(kw_only=True)
class FakeTraces:
    """Implements the ports of evidence: one report, and `troubles` by the name of the question."""

    report: Report
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    retry_after: timedelta | None = None
    """How long a source in trouble asks to wait."""
    hanging: set[str] = field(default_factory=set)
    """The questions that are never answered."""
    reports: dict[PersonId, Report] = field(default_factory=dict)
    """What accounts show that are not as `report` says."""
    asked: int = 0
    rows: list[TracedRow] = field(default_factory=list)
    """What message trace holds, and `lag`: how late it shows."""
    lag: timedelta = timedelta()
    rows_complete: bool = True
    asked_for_messages: list[tuple[datetime, datetime]] = field(default_factory=list)
    replies: dict[str, ServerReply] = field(default_factory=dict)
    """What the servers said that did not take mail, by recipient; and whose reply was asked for."""
    asked_for_replies: list[str] = field(default_factory=list)
    traced: list[tuple[Sequence[str], bool]] = field(default_factory=list)
    """The addresses of each question for sent mail, and whether it was urgent."""

    def forwards(self, to: str, *, external: bool = True) -> None:
        """The mailbox forwards all its mail there."""
        self.report = replace(self.report, forwarding=Forwarding(to=to, keeps_copy=True, external=external))

    async def _found(self, question: str, person: PersonId | None = None) -> Any:
        self.asked += 1
        if question in self.hanging:
            await asyncio.Event().wait()
        if reason := self.troubles.get(question):
            raise Unavailable(reason, retry_after=self.retry_after)
        report = self.reports.get(person, self.report) if person else self.report
        return getattr(report, question)

    async def forwarding(self, address: str) -> Forwarding | None:
        return await self._found("forwarding")  # type: ignore[no-any-return]  # a field of the report, as its name says

    async def inbox_rules(self, address: str) -> Excerpt[InboxRule]:
        return Excerpt(rows=await self._found("rules"), cut=self.report.rules_cut)

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        self.traced.append((addresses, urgent))
        return await self._found("sent")  # type: ignore[no-any-return]  # as above

    async def messages(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> Traced:
        self.asked_for_messages.append((since, until))
        if "messages" in self.hanging:
            await asyncio.Event().wait()
        if reason := self.troubles.get("messages"):
            raise Unavailable(reason, retry_after=self.retry_after)
        seen = tuple(row for row in self.rows if since <= row.at <= until - self.lag)
        return Traced(rows=seen, complete=self.rows_complete)

    async def reply(self, row: TracedRow) -> ServerReply | None:
        self.asked_for_replies.append(row.recipient)
        if "replies" in self.hanging:
            await asyncio.Event().wait()
        if reason := self.troubles.get("replies"):
            raise Unavailable(reason, retry_after=self.retry_after)
        return self.replies.get(row.recipient)

    async def sign_ins(self, person: PersonId, since: datetime) -> Excerpt[SignIn]:
        return Excerpt(rows=await self._found("sign_ins", person), cut=self.report.sign_ins_cut)

    async def risk(self, person: PersonId) -> Risk:
        return await self._found("risk", person)  # type: ignore[no-any-return]  # as above

    async def changes(self, person: PersonId, since: datetime) -> Excerpt[AccountChange]:
        return Excerpt(rows=await self._found("changes", person), cut=self.report.changes_cut)


@dataclass(kw_only=True)
class FakeAuditLog:
    """Searches of the audit log: each ends after `takes`, and at most `places` run at a time.

    `troubles` by the name of the method; `loses_an_answer`: the next search begins, and nobody hears of it."""

    clock: FakeClock
    takes: timedelta = timedelta()
    places: int = 10
    found: tuple[Listing, ...] = ()
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    loses_an_answer: bool = False
    searches: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """By id, the names of the searches that nobody has deleted, and when each began."""
    made: int = 0
    looks: list[datetime] = field(default_factory=list)

    def _ask(self, question: str) -> None:
        if reason := self.troubles.get(question):
            raise Unavailable(reason)

    def _is_running(self, search: str) -> bool:
        return self.clock.now() < self.searches[search][1] + self.takes

    async def begin(self, name: str, addresses: tuple[str, ...], since: datetime, until: datetime) -> str:
        self._ask("begin")
        if begun := next((search for search, (known, _) in self.searches.items() if known == name), None):
            return begun
        if sum(map(self._is_running, self.searches)) >= self.places:
            raise Unavailable(UnknownReason.THROTTLED)
        self.made += 1
        search = f"search-{self.made}"
        self.searches[search] = (name, self.clock.now())
        if self.loses_an_answer:
            self.loses_an_answer = False
            raise Unavailable(UnknownReason.TIMED_OUT)
        return search

    async def listings(self, search: str, addresses: tuple[str, ...]) -> tuple[Listing, ...] | None:
        self.looks.append(self.clock.now())
        self._ask("listings")
        return None if self._is_running(search) else self.found

    async def end(self, search: str) -> None:
        self._ask("end")
        self.searches.pop(search, None)


@dataclass(kw_only=True)
class FakeContaining:
    """Accounts to be contained. `outcomes` and `was` by step; `lost` are steps whose first response gets lost.

    What a step does is what is read afterwards: of the `read` account, and of the mailbox in `traces`."""

    admins: set[PersonId] = field(default_factory=set)
    trouble: UnknownReason | None = None
    outcomes: dict[ContainmentStep, StepResult] = field(default_factory=dict)
    was: dict[ContainmentStep, tuple[str, ...]] = field(default_factory=dict)
    away: bool = False
    lost: set[ContainmentStep] = field(default_factory=set)
    dead: set[ContainmentStep] = field(default_factory=set)
    """Steps that nobody ever answers."""
    done: list[ContainmentStep] = field(default_factory=list)
    accounts: list[PersonId] = field(default_factory=list)
    """Whose account each step was taken on."""
    rules: tuple[str, ...] = ()
    backs: list[StepResult] = field(default_factory=list)
    read: AccountRead = AccountRead(enabled=True)
    account_trouble: UnknownReason | None = None
    clock: "FakeClock | None" = None
    traces: "FakeTraces | None" = None

    async def privileged(self, person: PersonId) -> bool:
        if self.trouble:
            raise Unavailable(self.trouble)
        return person in self.admins

    async def before(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        return () if step in self.done else self.was.get(step, ())

    async def contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        if self.away or step in self.dead:
            raise Unavailable(UnknownReason.UNREACHABLE)
        if step in self.outcomes:
            return self.outcomes[step]
        if step in self.done:
            return StepResult(step=step, outcome=StepOutcome.ALREADY_SO)
        self.done.append(step)
        self.accounts.append(person)
        self.rules = rules
        self._takes_effect(step, rules)
        if step in self.lost:
            raise Unavailable(UnknownReason.TIMED_OUT)
        return StepResult(step=step, outcome=StepOutcome.DONE, was=self.was.get(step, ()))

    def _takes_effect(self, step: ContainmentStep, rules: tuple[str, ...]) -> None:
        now = self.clock.now() if self.clock else None
        changes: dict[ContainmentStep, dict[str, Any]] = {
            ContainmentStep.DISABLE: {"enabled": False},
            ContainmentStep.NEW_PASSWORD: {"password_changed_at": now},
            ContainmentStep.REVOKE_SESSIONS: {"sessions_valid_from": now},
        }
        self.read = replace(self.read, **changes.get(step, {}))
        if self.traces and step is ContainmentStep.FORWARDING_OFF:
            self.traces.report = replace(self.traces.report, forwarding=None)
        if self.traces and step is ContainmentStep.RULES_OFF:
            known = self.traces.report.rules
            assert isinstance(known, tuple)
            kept = tuple(replace(rule, enabled=rule.enabled and rule.id not in rules) for rule in known)
            self.traces.report = replace(self.traces.report, rules=kept)

    async def account(self, person: PersonId) -> AccountRead:
        if self.account_trouble:
            raise Unavailable(self.account_trouble)
        return self.read

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        self.backs.append(result)
        if result.step in self.done:
            self.done.remove(result.step)
        if result.step is ContainmentStep.DISABLE:
            self.read = replace(self.read, enabled=True)
        if self.traces and result.step is ContainmentStep.FORWARDING_OFF and result.was:
            back = Forwarding(to=result.was[0], keeps_copy=True, external=True)
            self.traces.report = replace(self.traces.report, forwarding=back)
        return self.outcomes.get(result.step, StepResult(step=result.step, outcome=StepOutcome.DONE))


@dataclass(kw_only=True)
class FakePolicies:
    """Outbound policies: one snapshot, which steps change. `outcomes` are the results of the next changes."""

    kept: PolicySnapshot = field(
        default_factory=lambda: PolicySnapshot(
            policies=(OutboundPolicy(name="Default", limits=STANDARD, is_default=True),),
            domains=("contoso.example",),
            primary="ana@contoso.example",
        )
    )
    trouble: UnknownReason | None = None
    tenant: TenantLimit = TenantLimit(observed=120, threshold=10_000)
    outcomes: list[PolicyOutcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    backs: int = 0

    def forwards(self, mode: AutoForwarding) -> None:
        """What the default policy says of mail that is forwarded outside."""
        default = replace(self.kept.policies[0], forwarding=mode)
        self.kept = replace(self.kept, policies=(default, *self.kept.policies[1:]))

    async def snapshot(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicySnapshot:
        if self.trouble:
            raise Unavailable(self.trouble)
        return replace(self.kept, person=person, group=group)

    async def tenant_limit(self) -> TenantLimit:
        if self.trouble:
            raise Unavailable(self.trouble)
        return self.tenant

    async def apply(self, plan: Plan, note: str) -> PolicyOutcome:
        if self.trouble:
            raise Unavailable(self.trouble)
        self.notes.append(note)
        if self.outcomes:
            return self.outcomes.pop(0)
        self.kept = with_steps(self.kept, plan.steps)
        return PolicyApplied()

    async def revert(self, plan: Plan) -> PolicyOutcome:
        self.backs += 1
        if self.outcomes:
            return self.outcomes.pop(0)
        self.kept = without_steps(self.kept, plan.steps, plan.addresses)
        return PolicyApplied()


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything outside the process, which goes on when the process ends."""

    clock: FakeClock
    mail: FakeMail
    directory: FakeDirectory
    approvers: FakeApprovers
    messenger: FakeMessenger
    connectors: FakeMail
    audit_log: FakeAuditLog
    mailboxes: FakeMailboxes = field(default_factory=FakeMailboxes)
    installer: FakeInstaller = field(default_factory=FakeInstaller)
    mentions: FakeMentions = field(default_factory=FakeMentions)
    others: FakeMentions = field(default_factory=FakeMentions)
    policies: FakePolicies = field(default_factory=FakePolicies)
    containing: FakeContaining = field(default_factory=FakeContaining)
    traces: FakeTraces = field(default_factory=lambda: FakeTraces(report=report()))
