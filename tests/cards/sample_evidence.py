"""Evidence from clean to stolen."""

from dataclasses import replace
from datetime import timedelta

from services.domain.evidence.report import (
    AccountChange,
    Change,
    Forwarding,
    InboxRule,
    Risk,
    RiskEvent,
    RiskLevel,
    RuleDeed,
    SentHour,
    SentMail,
    SignIn,
)
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ADDRESSES, HOUR, NOW, report

DAY = timedelta(days=1)
SENT = SentMail(
    hours=(
        *(SentHour(start=NOW - n * DAY, recipients=6 + 9 * n, messages=6) for n in range(9, 0, -1)),
        SentHour(start=NOW - timedelta(hours=4), recipients=1_200, messages=24),
    ),
    subjects=14,
    complete=False,
)
STOLEN = report(
    forwarding=Forwarding(to="collector@mail.example", keeps_copy=True, external=True),
    rules=(
        InboxRule(
            id="1",
            name=".",
            enabled=True,
            hidden=True,
            deeds=(RuleDeed.FORWARDS, RuleDeed.DELETES),
            targets=("collector@mail.example",),
            external=True,
        ),
        InboxRule(id="2", name="tidy", enabled=True, hidden=False, deeds=(RuleDeed.DELETES,), external=False),
    ),
    sign_ins=(
        *(SignIn(at=NOW - timedelta(minutes=200 + n), succeeded=False, place="NG") for n in range(12)),
        SignIn(at=NOW - timedelta(minutes=190), succeeded=True, place="NG"),
        SignIn(at=NOW - 5 * DAY, succeeded=True, place="ES"),
    ),
    risk=Risk(level=RiskLevel.HIGH, events=(RiskEvent(at=NOW, kind="suspiciousSendingPatterns"),)),
    changes=tuple(
        AccountChange(at=NOW - timedelta(hours=hours), what=what, by=ADDRESSES[0], detail=detail)
        for hours, what, detail in (
            (1, Change.APP_CONSENTED, "Mail Sync Pro"),
            (5, Change.METHOD_ADDED, "Authenticator App"),
            (6, Change.PASSWORD_CHANGED, ""),
        )
    ),
    sent=SENT,
)
NIGHT = replace(
    STOLEN,
    sign_ins=(
        *(SignIn(at=NOW - days * DAY - 5 * HOUR, succeeded=True, place="ES") for days in range(1, 10)),
        SignIn(at=NOW - HOUR, succeeded=True, place="ES"),
        *(SignIn(at=NOW - timedelta(hours=15, minutes=40 + n), succeeded=False, place="NG") for n in range(12)),
        *(SignIn(at=NOW - timedelta(hours=hours), succeeded=True, place="NG") for hours in (15, 14, 9)),
    ),
    sent=SentMail(
        hours=(
            *(SentHour(start=NOW - n * DAY, recipients=6 + 9 * n, messages=6) for n in range(9, 0, -1)),
            *(SentHour(start=NOW - n * HOUR, recipients=40 * (14 - n) ** 2, messages=24) for n in range(10, 3, -1)),
        ),
        subjects=4,
    ),
)
"""A thief's night, hour by hour: guessed at, let in, and sending until a limit stopped it."""
WEAK = report(
    sign_ins=tuple(SignIn(at=NOW - timedelta(minutes=n), succeeded=False, place="NG") for n in range(10)),
    risk=Risk(level=RiskLevel.LOW),
    sent=SentMail(hours=(SentHour(start=NOW, recipients=90_000, messages=900),), subjects=1),
)
UNREAD_REPORT = report(
    forwarding=Unknown(reason=UnknownReason.NO_PERMISSION),
    rules=Unknown(reason=UnknownReason.NO_PERMISSION),
    sign_ins=Unknown(reason=UnknownReason.NO_LICENCE),
    risk=Unknown(reason=UnknownReason.NO_LICENCE),
    changes=Unknown(reason=UnknownReason.TIMED_OUT),
    sent=Unknown(reason=UnknownReason.THROTTLED),
)
UNREAD = Unknown(reason=UnknownReason.NO_PERMISSION)
