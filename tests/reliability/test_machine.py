"""People, approvers, the clock, outages and process deaths in any order: the promises hold at every step.

`tests/simulation` plays such stories with three processes at a time. What this adds is another hand that draws them
and shortens what it finds by itself: two stories in every run, and with `make soak` two hundred, each twice as long."""

import os
from datetime import timedelta

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.inbound import Clicked, ConversationKind, Said
from services.domain.case.parts import CaseNumber
from services.domain.people import Standing, TeamsUser
from services.domain.unknown import UnknownReason
from services.ports.microsoft365 import RemovalDone
from tests.cases import ANA, BO, HOUR, MINUTE, SPAM_REASON, person
from tests.dialogs.fake_mail import REFUSED, UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CHANNEL, CLEO, DAN
from tests.reliability.driven import Driven
from tests.reliability.invariants import hold_always, hold_when_quiet

SOAK = int(os.environ.get("SENDWELL_SOAK", "0"))
"""How many random stories to play; 0 for the few that are the same in every run."""

PERSON_VERBS = (
    *("password_done", "mfa_done", "mailing_no", "send", "send", "tell", "reply"),
    *("withdraw", "works", "bouncing", "again", "password_cannot"),
)
VERBS = sorted(APPROVER_VERBS)
NEWEST = 0
NUMBERS = st.sampled_from([NEWEST, NEWEST, NEWEST, 1])
SPANS = st.sampled_from([timedelta(seconds=61), 2 * MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 13 * HOUR])
WORDS = {"words": "which?", "reason": "no", "ground": "called", "by_another_route": "true", "reference": "26"}


class Sendwell(RuleBasedStateMachine):
    """One person, two approvers, one colleague who may not decide, and everything that can go wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.driven = Driven()

    @initialize(stage=st.sampled_from(["restricted", "asked", "sent", "sent", "approved", "approved"]))
    def begins(self, stage: str) -> None:
        """Starts with a waiting request, from which everything else can go wrong."""
        self.restricted()
        if stage != "restricted":
            self.asks("my mail bounces 550 5.1.8")
        if stage in ("sent", "approved"):
            self.the_person_secures_and_sends(NEWEST)
        if stage == "approved":
            self.an_approver_approves(BO, NEWEST)

    # People.

    @rule(words=st.sampled_from(["my mail bounces 550 5.1.8", "status", "withdraw"]))
    def asks(self, words: str) -> None:
        self._hear(self.driven.says(ANA_CLICKS, words, ConversationKind.PERSONAL))

    @rule(verb=st.sampled_from(PERSON_VERBS), number=NUMBERS)
    def the_person_presses(self, verb: str, number: int) -> None:
        self._hear(self._click(ANA_CLICKS, verb, number, ConversationKind.PERSONAL))

    @rule(number=NUMBERS)
    def the_person_secures_and_sends(self, number: int) -> None:
        self.driven.outside.directory.people[ANA] = person(password_changed_at=self.driven.outside.clock.now())
        for verb in ("password_done", "mfa_done", "mailing_no", "send"):
            self.the_person_presses(verb, number)

    @rule(
        who=st.sampled_from([BO, CLEO, DAN, ANA_CLICKS]), verb=st.sampled_from(sorted(APPROVER_VERBS)), number=NUMBERS
    )
    def an_approver_presses(self, who: TeamsUser, verb: str, number: int) -> None:
        self._hear(self._click(who, verb, number))

    @rule(who=st.sampled_from([BO, CLEO]), number=NUMBERS)
    def an_approver_approves(self, who: TeamsUser, number: int) -> None:
        self.an_approver_presses(who, "approve", number)

    @rule(
        one=st.sampled_from(["approve", "deny", "ask", "retry", "close"]),
        other=st.sampled_from(["approve", "deny", "looking"]),
        third=st.sampled_from(["withdraw", "send", "reply", "works"]),
        number=NUMBERS,
    )
    def three_press_at_once(self, one: str, other: str, third: str, number: int) -> None:
        person = self._click(ANA_CLICKS, third, number, ConversationKind.PERSONAL)
        self._hear(self._click(BO, one, number), self._click(CLEO, other, number), person)

    @rule(back=st.integers(1, 12))
    def an_activity_comes_again(self, back: int) -> None:
        if len(self.driven.said) >= back:
            self._hear(self.driven.said[-back])

    # The world.

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.driven.run(self.driven.world.passes(span))

    @rule(reason=st.sampled_from([(), (SPAM_REASON,)]))
    def restricted(self, reason: tuple[str, ...] = ()) -> None:
        self.driven.outside.clock.time += timedelta(seconds=1)  # no two entries have the same time
        self.driven.mail.lifted.pop(ANAS_ADDRESS, None)
        self.driven.mail.restrict(ANAS_ADDRESS, *reason, since=self.driven.outside.clock.now())

    @rule()
    def lifted_in_the_portal(self) -> None:
        self.driven.mail.entries.clear()

    @rule(lag=st.sampled_from([timedelta(), 2 * MINUTE, 20 * MINUTE, 2 * HOUR]))
    def the_list_lags(self, lag: timedelta) -> None:
        self.driven.mail.lag, self.driven.mail.keeps_listing = lag, lag > timedelta()

    @rule(outcome=st.sampled_from([UNCLEAR, REFUSED, RemovalDone()]))
    def the_next_removal(self, outcome: object) -> None:
        self.driven.mail.outcomes = [outcome]  # type: ignore[list-item]  # one of the three above

    @rule(source=st.sampled_from(["mail", "directory", "approvers", "Teams", "channel"]))
    def an_outage(self, source: str) -> None:
        """One source fails at a time: with all of them away, nothing would happen."""
        self.everything_is_back()
        outside = self.driven.outside
        if source == "mail":
            outside.mail.trouble = UnknownReason.UNREACHABLE
        elif source == "directory":
            outside.directory.troubles = dict.fromkeys(("person", "methods", "registration"), UnknownReason.UNREACHABLE)
        elif source == "approvers":
            outside.approvers.trouble = UnknownReason.UNREACHABLE
        elif source == "Teams":
            outside.messenger.down = True
        else:
            outside.messenger.closed[CHANNEL.id] = "404 ConversationNotFound"

    @rule()
    def everything_is_back(self) -> None:
        outside = self.driven.outside
        outside.mail.trouble = outside.approvers.trouble = None
        outside.directory.troubles, outside.messenger.down = {}, False
        outside.messenger.closed.clear()

    @rule(standing=st.sampled_from([Standing.APPROVER, Standing.NOT_APPROVER, Standing.DISABLED]))
    def the_person_joins_or_leaves_the_group(self, standing: Standing) -> None:
        self.driven.outside.approvers.standings[ANA] = standing

    @rule()
    def restarted(self) -> None:
        self.driven.start()

    @rule(boundaries=st.integers(1, 30), span=SPANS)
    def dies_while_time_passes(self, boundaries: int, span: timedelta) -> None:
        self.driven.dies_after(boundaries)
        self.time_passes(span)

    # The promises.

    @invariant()
    def the_promises_hold(self) -> None:
        self.driven.run(hold_always(self.driven.world))

    def teardown(self) -> None:
        """All sources work again and leases run out: no task is due, and the cards show the present state."""
        try:
            self._becomes_quiet()
        finally:
            self.driven.close()

    def _becomes_quiet(self) -> None:
        self.everything_is_back()
        self.driven.start()
        for _ in range(3):
            self.driven.run(self.driven.world.passes(5 * MINUTE))
        self.driven.run(hold_always(self.driven.world))
        self.driven.run(hold_when_quiet(self.driven.world))
        for case in self.driven.run(self.driven.world.cases.many([CaseNumber(1)])) or ():
            event(f"case 1 ended as {case.status}")
        event("somebody died" if self.driven.deaths else "nobody died")
        event(f"{self.driven.mail.effective} unblocked")

    def _click(
        self, who: TeamsUser, verb: str, number: int, where: ConversationKind = ConversationKind.CHANNEL
    ) -> Clicked:
        newest = self.driven.run(self.driven.newest_case()) or 1
        return self.driven.clicks(who, verb, number or newest, where, **WORDS)

    def _hear(self, *activities: Said | Clicked) -> None:
        """Its tasks are run when time passes, so that other commands can come in between."""
        self.driven.run(self.driven.hears(*activities))


TestSendwell = Sendwell.TestCase
TestSendwell.settings = settings(
    max_examples=SOAK or 2,
    stateful_step_count=60 if SOAK else 30,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
