"""Parsing limits that people write, which limit was reached, and which number would be enough."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.evidence.report import SentHour, SentMail
from services.domain.limits.outbound_policy import EffectivePolicy, OutboundPolicy, SendingLimits
from services.domain.limits.sending_limits import (
    HIGHEST,
    STANDARD,
    STRICT,
    LimitFault,
    NoHelp,
    NoLimit,
    ReachedLimit,
    Volume,
    reached_limit,
    read_limit,
    suggested,
    volume_of,
    why_no_policy_helps,
)
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.restriction import Cause, Counts, Limit, Restriction
from services.domain.unknown import Unknown, UnknownReason

MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
NO_LIMITS = SendingLimits()


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("0", 0),
        (" 2500 ", 2_500),
        ("10000", 10_000),
        ("00500", 500),
        ("٢٥٠٠", 2_500),
        ("２５００", 2_500),
        ("०५००", 500),
        ("0" * 5_000, 0),
    ],
)
def test_digits_of_any_script_are_a_limit(text: str, limit: int) -> None:
    assert read_limit(text) == limit


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", LimitFault.EMPTY),
        ("  \n", LimitFault.EMPTY),
        ("1,000", LimitFault.SEPARATED),
        ("1.000", LimitFault.SEPARATED),
        ("1 000", LimitFault.SEPARATED),
        ("1\u202f000", LimitFault.SEPARATED),
        ("1'000", LimitFault.SEPARATED),
        ("1_000", LimitFault.SEPARATED),
        ("10,00,000", LimitFault.SEPARATED),
        ("٢٬٥٠٠", LimitFault.SEPARATED),
        ("-5", LimitFault.NEGATIVE),
        ("− 5", LimitFault.NEGATIVE),
        ("2.5", LimitFault.FRACTION),
        ("2,55", LimitFault.FRACTION),
        (".5", LimitFault.FRACTION),
        ("many", LimitFault.NOT_A_NUMBER),
        ("1e3", LimitFault.NOT_A_NUMBER),
        ("+5", LimitFault.NOT_A_NUMBER),
        ("5²", LimitFault.NOT_A_NUMBER),
        ("²", LimitFault.NOT_A_NUMBER),
        ("0x10", LimitFault.NOT_A_NUMBER),
        ("--5", LimitFault.NOT_A_NUMBER),
        ("10001", LimitFault.TOO_HIGH),
        ("9" * 10_000, LimitFault.TOO_HIGH),
    ],
)
def test_what_is_no_limit_is_refused_with_a_reason(text: str, fault: LimitFault) -> None:
    with pytest.raises(NoLimit) as refused:
        read_limit(text)
    assert refused.value.fault is fault


@given(st.text())
def test_no_text_is_more_than_a_limit_or_a_reason(text: str) -> None:
    with suppress(NoLimit):
        assert 0 <= read_limit(text) <= HIGHEST


def restricted(limit: Limit | None = None, cause: Cause = Cause.POLICY_LIMIT, **counts: int) -> Restriction:
    return Restriction(address="mia@contoso.example", cause=cause, limit=limit, counts=Counts(**counts))


@pytest.mark.parametrize(
    ("restriction", "limits", "reached"),
    [
        (restricted(Limit.EXTERNAL, external=2_000, internal=3), STANDARD, ReachedLimit.EXTERNAL_HOUR),
        (restricted(Limit.EXTERNAL), STANDARD, ReachedLimit.EXTERNAL_HOUR),
        (restricted(Limit.INTERNAL, external=3, internal=1_100), STANDARD, ReachedLimit.INTERNAL_HOUR),
        (restricted(Limit.EXTERNAL, external=450, internal=560), STANDARD, ReachedLimit.DAY),
        (restricted(Limit.EXTERNAL, external=2_000), SendingLimits(per_day=1_000), ReachedLimit.DAY),
        (restricted(Limit.INTERNAL, internal=950, external=60), STANDARD, ReachedLimit.DAY),
        (restricted(Limit.OTHER, external=1_000), STANDARD, ReachedLimit.DAY),
        (restricted(Limit.OTHER), STANDARD, ReachedLimit.DAY),
        (restricted(Limit.EXTERNAL, external=450, internal=2), STANDARD, ReachedLimit.NONE),
        (restricted(Limit.EXTERNAL, external=2_000), NO_LIMITS, ReachedLimit.NONE),
        (restricted(Limit.EXTERNAL, cause=Cause.SPAM, external=2_000), STANDARD, ReachedLimit.NONE),
    ],
)
def test_which_limit_was_reached(restriction: Restriction, limits: SendingLimits, reached: ReachedLimit) -> None:
    assert reached_limit(restriction, limits) is reached


def governed(limits: SendingLimits) -> EffectivePolicy:
    return EffectivePolicy(policy=OutboundPolicy(name="Default", limits=limits, is_default=True))


BULK = restricted(Limit.EXTERNAL, external=2_000, internal=22)


@pytest.mark.parametrize(
    ("restriction", "governing", "why"),
    [
        (BULK, governed(STANDARD), None),
        (BULK, Unknown(reason=UnknownReason.INCOMPLETE), None),
        (BULK, governed(NO_LIMITS), NoHelp.NO_LIMIT_SET),
        (BULK, governed(SendingLimits(external_per_hour=5_000)), NoHelp.NOT_REACHED),
        (restricted(cause=Cause.SERVICE_RATE, recipients=10_034), governed(STANDARD), NoHelp.SERVICE_RATE),
        (restricted(cause=Cause.SPAM), governed(STANDARD), NoHelp.SPAM_VERDICT),
        (restricted(cause=Cause.UNKNOWN), Unknown(reason=UnknownReason.INCOMPLETE), NoHelp.REASON_UNKNOWN),
    ],
)
def test_when_no_policy_helps(
    restriction: Restriction, governing: EffectivePolicy | Unknown, why: NoHelp | None
) -> None:
    assert why_no_policy_helps(restriction, governing) is why
    assert why_no_policy_helps(restriction, governing, tenant_limit=True) is NoHelp.TENANT_LIMIT


def mailing(recipients: str, sent: SentMailing = SentMailing.YES) -> Mailing:
    return Mailing(sent=sent, recipients=recipients)


def trace(*hours: tuple[int, int]) -> SentMail:
    spans = (SentHour(start=MONDAY + timedelta(hours=hour), recipients=number, messages=1) for hour, number in hours)
    return SentMail(hours=tuple(spans), subjects=1)


@pytest.mark.parametrize(
    ("restriction", "said", "sent", "volume"),
    [
        (BULK, None, None, Volume(external=2_000, internal=22, day=2_022)),
        (BULK, mailing("about 2,400"), None, Volume(external=2_400, internal=22, day=2_400)),
        (BULK, mailing("9,000", SentMailing.NO), None, Volume(external=2_000, internal=22, day=2_022)),
        (BULK, None, trace((0, 1_500), (1, 1_500), (24, 900)), Volume(external=2_000, internal=22, day=3_000)),
        (BULK, None, Unknown(reason=UnknownReason.TIMED_OUT), Volume(external=2_000, internal=22, day=2_022)),
        (
            restricted(Limit.INTERNAL, internal=1_100, external=4),
            mailing("1300"),
            None,
            Volume(external=4, internal=1_300, day=1_300),
        ),
        (restricted(Limit.EXTERNAL), None, None, Volume()),
    ],
)
def test_how_much_a_sender_needs(
    restriction: Restriction, said: Mailing | None, sent: SentMail | Unknown | None, volume: Volume
) -> None:
    assert volume_of(restriction, said, sent) == volume


@pytest.mark.parametrize(
    ("now", "reached", "volume", "then"),
    [
        (STANDARD, ReachedLimit.EXTERNAL_HOUR, Volume(external=2_000, internal=22, day=2_022), (2_500, 1_000, 3_000)),
        (STANDARD, ReachedLimit.INTERNAL_HOUR, Volume(external=4, internal=1_150, day=1_154), (500, 1_500, 1_500)),
        (STRICT, ReachedLimit.EXTERNAL_HOUR, Volume(external=410, day=420), (600, 800, 800)),
        (STANDARD, ReachedLimit.DAY, Volume(external=450, day=1_010), (500, 1_000, 1_500)),
        (STANDARD, ReachedLimit.NONE, Volume(), (500, 1_000, 1_000)),
        (STANDARD, ReachedLimit.EXTERNAL_HOUR, Volume(), (500, 1_000, 1_000)),
        (STANDARD, ReachedLimit.EXTERNAL_HOUR, Volume(external=7_700, day=9_000), (0, 1_000, 0)),
        (SendingLimits(external_per_hour=500), ReachedLimit.EXTERNAL_HOUR, Volume(external=600, day=600), (800, 0, 0)),
        (SendingLimits(external_per_hour=HIGHEST), ReachedLimit.NONE, Volume(), (0, 0, 0)),
    ],
)
def test_what_is_suggested(
    now: SendingLimits, reached: ReachedLimit, volume: Volume, then: tuple[int, int, int]
) -> None:
    found = suggested(governed(now), reached, volume)
    assert (found.external_per_hour, found.internal_per_hour, found.per_day) == then


NUMBERS = st.integers(0, HIGHEST)
TIMING = st.builds(SendingLimits, external_per_hour=NUMBERS, internal_per_hour=NUMBERS, per_day=NUMBERS)
VOLUMES = st.builds(Volume, **dict.fromkeys(("external", "internal", "day"), st.none() | st.integers(0, 50_000)))


@given(TIMING, st.sampled_from(ReachedLimit), VOLUMES)
def test_a_suggestion_never_lowers_and_never_says_ten_thousand(
    now: SendingLimits, reached: ReachedLimit, volume: Volume
) -> None:
    then = suggested(governed(now), reached, volume)
    for name in SendingLimits.__dataclass_fields__:
        before, after = getattr(now, name), getattr(then, name)
        assert after != HIGHEST
        assert after == 0 or (before != 0 and after >= before)
