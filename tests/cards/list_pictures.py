"""Cards about many cases or none: lists, digests, reports, help."""

from dataclasses import replace

from cards.approver.digest_card import digest_card
from cards.approver.history_card import history_card
from cards.approver.report_card import NamedRepeat, report_card
from cards.mentions import mentioning
from cards.notices import (
    Checked,
    cases_card,
    channel_help_card,
    collapsed_card,
    help_card,
    not_restricted_card,
    one_line,
    restricted_card,
    thread_card,
)
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.evidence.report import Listing
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.reporting.period import PeriodReport, Spread, Waiting, spans_of
from services.domain.restriction import Cause, RestrictedList
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.sample_cases import CONNECTORS, OFF, WAITING
from tests.cards.sample_evidence import DAY
from tests.cards.sample_view import HOSTILE, MENTIONS, with_notice
from tests.cards.told_pictures import own_reads, told_bounces
from tests.cases import ADDRESSES, CASES, HOUR, MINUTE, NOW, SPAM_REASON, report, restriction


def other_cards(view: View) -> dict[str, Card]:
    checked = Checked(addresses=ADDRESSES, read_at=NOW)
    listing = RestrictedList(entries=(restriction(), restriction("x", since=None)), complete=False, read_at=NOW)
    bounces = {f"bounce-{name}": not_restricted_card(checked, bounce, view) for name, bounce in told_bounces().items()}
    return bounces | {
        "not-restricted": not_restricted_card(checked, None, view),
        **{
            f"not-restricted-{name}": not_restricted_card(replace(checked, own=own), None, view)
            for name, own in own_reads().items()
        },
        "help": help_card(view),
        "channel-help": channel_help_card(view),
        "collapsed": collapsed_card(WAITING, view),
        "one-line": one_line("A sentence."),
        "cases": cases_card([WAITING, OFF], view),
        "cases-none": cases_card([], view),
        "restricted": restricted_card(listing, CONNECTORS, view),
        "restricted-one": restricted_card(
            replace(listing, entries=listing.entries[:1], complete=True), replace(CONNECTORS, entries=()), view
        ),
        "restricted-unread": restricted_card(
            Unknown(reason=UnknownReason.TIMED_OUT), Unknown(reason=UnknownReason.NO_PERMISSION), view
        ),
        "digest": digest_card(_digest_cards(12), view),
        "digest-noticed": digest_card(_digest_cards(12), with_notice(view)),
        "digest-long": digest_card(_digest_cards(45), view),
        "digest-settled": digest_card([CASES[Status.WORKS], CASES[Status.DENIED]], view),
        "help-approver": help_card(view, for_approver=True),
        "history": history_card(ADDRESSES[0], [_listed_before(), CASES[Status.DENIED], CASES[Status.WORKS]], view),
        "history-none": history_card(ADDRESSES[0], [], view),
        **_reports(view),
        "tell": thread_card("waiting for a decision", view),
        "tell-mentioning": mentioning(thread_card("waiting for a decision", view), MENTIONS, view),
    }


def _reports(view: View) -> dict[str, Card]:
    """A busy quarter, one in which nothing happened, and the longest that can be asked for."""
    spans = spans_of(90, NOW)
    busy = PeriodReport(
        spans=spans,
        until=NOW,
        by_span=tuple(n * 5 % 4 for n in range(len(spans))),
        by_cause=((Cause.POLICY_LIMIT, 12), (Cause.SPAM, 6), (Cause.UNKNOWN, 1)),
        decided=Spread(many=14, half=40 * MINUTE, most=5 * HOUR),
        works=Spread(many=11, half=3 * HOUR, most=26 * HOUR),
        requests=17,
        outcomes=((Status.WORKS, 11), (Status.EXPIRED, 2), (Status.WAITING, 2), (Status.DENIED, 2)),
        repeated=(),
        waiting=(
            Waiting(status=Status.WAITING, many=2, oldest=NOW - HOUR),
            Waiting(status=Status.UNBLOCKED, many=1, oldest=NOW - 2 * HOUR),
            Waiting(status=Status.FAILED, many=1, oldest=NOW - DAY),
        ),
    )
    nothing = replace(busy, by_span=(0,) * len(spans), by_cause=(), decided=None, works=None, requests=0, waiting=())
    year = spans_of(366, NOW)
    long = replace(busy, spans=year, by_span=tuple(range(len(year))))
    repeated = [NamedRepeat(address=address, newest=CaseNumber(17), times=3) for address in ADDRESSES]
    many = [replace(repeated[0], address=f"{HOSTILE}{n}@contoso.example") for n in range(40)]
    unread = Unknown(reason=UnknownReason.NO_PERMISSION)
    return {
        "report": report_card(busy, repeated, TenantLimit(observed=8_200, threshold=10_000), view),
        "report-nothing": report_card(nothing, [], TenantLimit(observed=0, threshold=10_000, enforced=False), view),
        "report-long": report_card(long, many, unread, view),
    }


def _listed_before() -> Case:
    """A history where the audit log shows more restrictions than our own records."""
    listings = tuple(Listing(at=NOW - n * 5 * DAY, listed=n % 2 == 1, reason="x") for n in range(1, 8))
    return replace(WAITING, evidence=report(listings=listings), restriction=None)


def _digest_cards(number: int) -> list[Case]:
    """A digest of many cases, some of them decided already."""
    kinds = (CASES[Status.WORKS], WAITING, replace(WAITING, restriction=restriction(SPAM_REASON)))
    return [
        replace(
            kinds[n % 3],
            number=CaseNumber(100 + n),
            sender=replace(kinds[n % 3].sender, name=f"Sample Person {n}"),
            version=1,
        )
        for n in range(number)
    ]
