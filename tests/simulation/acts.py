"""What each event of a plan does: people write and press what their cards show, and things break."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.inbound import Clicked, ConversationKind, Said
from dialogs.conversations.responder import RESPONDER_VERBS
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule, Risk, RiskLevel, RuleDeed
from services.domain.people import Standing, TeamsUser
from services.ports.teams import ConversationRef
from tests.cases import ADDRESSES, ANA, BO, RATE_REASON, SPAM_REASON, person
from tests.dialogs.world import CHANNEL, CLEO, DAN, SERVICE, approver
from tests.simulation.days import Event
from tests.simulation.deliveries import Deliveries
from tests.simulation.forms import Button
from tests.simulation.outside import EVE, SALES, Picture
from tests.simulation.wire import DOWN

PEOPLE = {"ana": TeamsUser(id=ANA, name="Ana Soto"), "bo": BO, "cleo": CLEO, "eve": EVE, "dan": DAN}
MAILBOXES = {"ana": ADDRESSES[0], "alias": ADDRESSES[1], "sales": SALES}
_RULE = InboxRule(
    id="r1",
    name="..",
    enabled=True,
    hidden=True,
    deeds=(RuleDeed.FORWARDS,),
    targets=("t@evil.example",),
    external=True,
)
_GIVEN = {"by_another_route": "true", "ground": "called her"}
"""What the form of an approval may have had when it was unfolded, whatever the card shows by now."""
_REASONS = {"limit": (), "spam": (SPAM_REASON,), "rate": (RATE_REASON,)}
IN_CHANNEL = APPROVER_VERBS | RESPONDER_VERBS
_LONG = 3600
"""How many seconds a source may be away before whoever waits must have been told."""
_COMES_WITHIN = timedelta(minutes=40)
"""How long after the first time an activity may come once more: the product remembers it for an hour."""


@dataclass(kw_only=True)
class Acts(Deliveries):
    """Carries events out. `deaths` of processes and `lost_answers` of Teams are counted: each may repeat something."""

    deaths: int = 0
    lost_answers: int = 0
    out_for_long: Callable[[datetime, bool], None] = lambda *_: None
    """Told when the list has been away for long: since when, and whether a process died meanwhile."""

    async def do(self, event: Event) -> None:
        """Carries out one event. What it sets off goes on by itself."""
        await getattr(self, f"_{event.verb.replace(' ', '_')}")(*event.given)

    def everything_is_well(self) -> None:
        """From now on everything works, and every process is there."""
        tenant = self.outside.tenant
        self.replicas[0].weather.troubles.clear()
        tenant.cut_until, tenant.empty_reads, tenant.lag, tenant.ways = None, 0, timedelta(), []
        self.outside.messenger.closed.clear()
        for replica in self.replicas:
            replica.clock.ahead = timedelta()

    # People.

    async def _asks(self, who: str, mailbox: str) -> None:
        asked = f"mailbox {SALES}" if mailbox == "sales" else "my mail bounces 550 5.1.8 Access denied"
        await self._says(who, asked)

    async def _says(self, who: str, words: str) -> None:
        self._send(self._said(PEOPLE[who], words, ConversationKind.PERSONAL))

    async def _types(self, who: str, verb: str) -> None:
        words = {"approve": "called: called her", "deny": "no", "stop": "wrong"}[verb]
        self._send(self._said(PEOPLE[who], f"{verb} {self._newest()} {words}", ConversationKind.CHANNEL))

    def _said(self, by: TeamsUser, text: str, kind: ConversationKind) -> Said:
        return Said(by=by, text=text, kind=kind, conversation=_conversation(by, kind), activity=self._activity(by))

    async def _presses(self, who: str, verb: str, which: str = "") -> None:
        """The button on the newest card that has it, or on an `old` one, or with `all` boxes ticked; nothing where no
        card has it."""
        kind = ConversationKind.CHANNEL if verb in IN_CHANNEL else ConversationKind.PERSONAL
        shown = self._buttons(_conversation(PEOPLE[who], kind).id, verb)
        if shown:
            button = shown[-1 if which != "old" else self.chance.randrange(len(shown))]
            self._press(PEOPLE[who], button, kind, every_box=which == "all")
        else:
            self.note(f"{who} finds no button {verb}")

    async def _presses_anything(self, who: str, where: str) -> None:
        """Some button of the newest card that has any."""
        kind = ConversationKind(where)
        there = _conversation(PEOPLE[who], kind).id
        shown = next((one.buttons for one in reversed(self._pictures(there)) if one.buttons), ())
        if shown:
            self._press(PEOPLE[who], self.chance.choice(shown), kind)

    def _press(self, by: TeamsUser, button: Button, kind: ConversationKind, *, every_box: bool = False) -> None:
        given = _GIVEN if button.verb in ("approve", "retry") else {}
        data = {**given, **button.filled(self.chance, every_box=every_box), **button.data}
        number = data.pop("case")
        if button.verb in ("approve", "retry") and str(data.get("facts", "")).isdigit():
            for later in (False, True):
                self.outside.pressed[int(number), by.id, later] = int(data["facts"])
        self.note(f"{by.name} presses {button.verb} of case {number}")
        self._send(
            Clicked(
                by=by,
                verb=button.verb,
                number=number,
                inputs=data,
                kind=kind,
                conversation=_conversation(by, kind),
                activity=self._activity(by),
            )
        )

    async def _forges(self, who: str, verb: str, which: str) -> None:
        """A button that no card of theirs has, or a form that no card has unfolded."""
        kind = ConversationKind.CHANNEL if verb in IN_CHANNEL else ConversationKind.PERSONAL
        data = {"case": self._newest() if which == "newest" else 1, "reason": "because", "words": "why?", "facts": "1"}
        self._press(PEOPLE[who], Button(verb=verb, data=data, fields=()), kind)

    def _newest(self) -> int:
        return max((int(button.data["case"]) for button in self._buttons(CHANNEL.id, "")), default=1)

    def _buttons(self, conversation: str, verb: str) -> list[Button]:
        """The buttons with that verb on all cards that were ever seen there; any verb if it is empty."""
        return [
            button
            for picture in self._pictures(conversation)
            for button in picture.buttons
            if button.verb == (verb or button.verb)
        ]

    def _pictures(self, conversation: str) -> list[Picture]:
        return [one for one in self.outside.messenger.pictures if one.conversation == conversation]

    async def _comes_again(self, back: str) -> None:
        soon = [one for one, at in self.heard if self.outside.clock.now() - at < _COMES_WITHIN]
        if len(soon) >= int(back):
            self._deliver(soon[-int(back)])

    # Accounts.

    async def _secures(self, who: str) -> None:
        by, now = PEOPLE[who], self.outside.clock.now()
        account = person() if by.id == ANA else approver(by)
        self.outside.directory.people[by.id] = replace(account, password_changed_at=now)

    async def _thief(self, deed: str) -> None:
        """What a thief does is what the evidence shows from now on, until it is tidied up."""
        known, now = self.outside.traces.report, self.outside.clock.now()
        changed: dict[str, dict[str, Any]] = {
            "forwards": {"forwarding": Forwarding(to="thief@evil.example", keeps_copy=True, external=True)},
            "risk": {"risk": Risk(level=RiskLevel.HIGH)},
            "two signs": {
                "risk": Risk(level=RiskLevel.MEDIUM),
                "changes": (AccountChange(at=now, what=Change.APP_CONSENTED, by=ADDRESSES[0], detail="Mailer"),),
            },
            "rule": {"rules": (_RULE,)},
            "tidies": {"forwarding": None, "rules": (), "risk": Risk(level=RiskLevel.NONE), "changes": ()},
        }
        self.outside.traces.report = replace(known, **changed[deed])

    async def _privileged(self) -> None:
        """Ana's account turns out to be an admin's."""
        self.outside.containing.becomes_admin(ANA, self.outside.clock.now())

    async def _group(self, who: str, how: str) -> None:
        standing = Standing.APPROVER if how == "joins" else Standing.NOT_APPROVER
        self.outside.approvers.standings[PEOPLE[who].id] = standing

    # The list.

    async def _restricted(self, mailbox: str, cause: str, late: str = "0") -> None:
        self.outside.tenant.restrict(MAILBOXES[mailbox], *_REASONS[cause], late=timedelta(seconds=int(late)))

    async def _lifted(self, mailbox: str) -> None:
        self.outside.tenant.lift(MAILBOXES[mailbox])

    async def _list_lags(self, seconds: str) -> None:
        self.outside.tenant.lag = timedelta(seconds=int(seconds))

    async def _list_is_cut(self, seconds: str) -> None:
        self.outside.tenant.cut_until = self.outside.clock.now() + timedelta(seconds=int(seconds))

    async def _list_is_empty(self) -> None:
        self.outside.tenant.empty_reads = 1

    async def _next_removal(self, way: str) -> None:
        self.outside.tenant.ways = [way]

    # Machines.

    async def _weather(self, source: str, kind: str, seconds: str) -> None:
        until = self.outside.clock.now() + timedelta(seconds=int(seconds))
        self.lost_answers += 10 if source == "Teams" else 0
        self.replicas[0].weather.troubles[source] = (kind, until)
        if source == "Teams":
            self.outside.messenger.gone_until = max(until, self.outside.messenger.gone_until)
        if source == "list" and kind == DOWN and int(seconds) >= _LONG:
            now, deaths = self.outside.clock.now(), self.deaths
            asyncio.get_running_loop().call_later(_LONG - 60, lambda: self.out_for_long(now, self.deaths > deaths))

    async def _channel_goes(self, seconds: str) -> None:
        self.outside.messenger.closed[CHANNEL.id] = "404 ConversationNotFound"
        until = self.outside.clock.now() + timedelta(hours=2)  # the product asks for it seldom
        self.outside.messenger.gone_until = max(until, self.outside.messenger.gone_until)
        asyncio.get_running_loop().call_later(float(seconds), self.outside.messenger.closed.clear)

    async def _card_is_deleted(self, back: str) -> None:
        if len(self.outside.messenger.sheets) >= int(back):
            self.outside.messenger.delete(self.outside.messenger.sheets[-int(back)])

    async def _clock_jumps(self, which: str, seconds: str) -> None:
        self.replicas[int(which)].clock.ahead = timedelta(seconds=int(seconds))

    async def _dies(self, which: str, seconds: str) -> None:
        for replica in self.replicas if which == "all" else [self.replicas[int(which)]]:
            if replica.life.is_over:
                continue
            self.deaths += 1
            replica.dies()
            asyncio.get_running_loop().call_later(float(seconds), replica.start)


def _conversation(who: TeamsUser, kind: ConversationKind) -> ConversationRef:
    if kind is ConversationKind.CHANNEL:
        return CHANNEL
    return ConversationRef(id=f"a:{kind.value}:{who.id}", service_url=SERVICE)
