"""Sent mail and sign-ins around the restriction, hour by hour: what a small picture of them shows.

`None` stands for an hour that was not read: never for an hour in which there was nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from services.domain.evidence.findings import BEFORE
from services.domain.evidence.report import EVIDENCE_OVER, Report, SenderEvidence, SentMail, SignIn
from services.domain.evidence.sign_ins import FAILURES_AT_MOST, usual_places
from services.domain.unknown import Unknown

HOURS = 72
"""Three days: of the restriction the two before it and the one after, where they are in what was read."""
_HOUR = timedelta(hours=1)
_AFTER = timedelta(hours=23)
_EVER = datetime.min.replace(tzinfo=UTC)


class Place(StrEnum):
    """How the place of a sign-in compares with earlier ones. `NOT_COMPARED`: there was nothing to compare it with."""

    USUAL = "usual"
    UNUSUAL = "unusual"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """An item for each hour from `start` on. `signed_in`: the places of its sign-ins, of every account that can send;
    `failed`: whether one failed. `restricted` and `passwords` are the moments within it at which an address was
    restricted and a password changed."""

    start: datetime
    recipients: tuple[int | None, ...]
    signed_in: tuple[frozenset[Place] | None, ...]
    failed: tuple[bool | None, ...]
    restricted: tuple[datetime, ...]
    passwords: tuple[datetime, ...]

    @property
    def end(self) -> datetime:
        """The end of the last hour."""
        return self.start + _HOUR * HOURS

    def hour_of(self, at: datetime) -> int:
        """Which item the moment belongs to; one outside of the timeline has none."""
        return (at - self.start) // _HOUR


def timeline(
    report: Report, since: datetime | None, restricted: Iterable[datetime], passwords: Iterable[datetime]
) -> Timeline | None:
    """What the report shows of the hours around `since`, or of the last ones where no start is known; `None` if none of
    it was read."""
    start = _start(report, since)
    hours = [start + _HOUR * hour for hour in range(HOURS)]
    before = (since or report.gathered_at) - BEFORE
    accounts: tuple[Report | SenderEvidence, ...] = (report, *report.others)
    logs = [_log(one.sign_ins, before, cut=one.sign_ins_cut) for one in accounts]
    drawn = Timeline(
        start=start,
        recipients=tuple(_recipients(report.sent, hours)),
        signed_in=tuple(_signed_in(logs, hour) for hour in hours),
        failed=tuple(_failed(logs, hour) for hour in hours),
        restricted=_within(restricted, start),
        passwords=_within(passwords, start),
    )
    read = (*drawn.recipients, *drawn.signed_in, *drawn.failed)
    return drawn if any(one is not None for one in read) else None


def _start(report: Report, since: datetime | None) -> datetime:
    """The hours lie within what was read: of the restriction's, as many as there are."""
    last = _hour_of(report.gathered_at)
    first = _hour_of(report.read_from - EVIDENCE_OVER) + _HOUR
    shown = _HOUR * (HOURS - 1)
    wanted = last if since is None else _hour_of(since) + _AFTER
    return min(last, max(wanted, first + shown)) - shown


def _hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _within(moments: Iterable[datetime], start: datetime) -> tuple[datetime, ...]:
    return tuple(sorted({at for at in moments if start <= at < start + _HOUR * HOURS}))


def _recipients(sent: SentMail | Unknown, hours: Iterable[datetime]) -> Iterator[int | None]:
    """An hour without mail is left out of what was sent: of a trace that was cut short nobody knows which those are."""
    counted: Counter[datetime] = Counter()
    if not isinstance(sent, Unknown):
        for one in sent.hours:
            counted[_hour_of(one.start)] += one.recipients
    nothing = 0 if not isinstance(sent, Unknown) and sent.complete else None
    return (counted.get(hour, nothing) for hour in hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """One account's sign-ins by the hour, and from when on all of them are there; `None`: from no time on."""

    places: Mapping[datetime, frozenset[Place]]
    successes_from: datetime | None
    failures: frozenset[datetime]
    failures_from: datetime | None


def _log(sign_ins: Sequence[SignIn] | Unknown, before: datetime, *, cut: bool) -> _Log:
    if isinstance(sign_ins, Unknown):
        return _Log(places={}, successes_from=None, failures=frozenset(), failures_from=None)
    usual = usual_places(sign_ins, before)
    places: dict[datetime, frozenset[Place]] = {}
    for one in sign_ins:
        if one.succeeded:
            hour = _hour_of(one.at)
            places[hour] = places.get(hour, frozenset()) | {_place(one, usual, cut=cut)}
    oldest = min((one.at for one in sign_ins), default=None) if cut else _EVER
    failures = sorted((one.at for one in sign_ins if not one.succeeded), reverse=True)
    newest = failures[FAILURES_AT_MOST - 1] if len(failures) >= FAILURES_AT_MOST else _EVER
    return _Log(
        places=places,
        successes_from=oldest,
        failures=frozenset(map(_hour_of, failures)),
        failures_from=oldest and max(oldest, newest),
    )


def _place(one: SignIn, usual: frozenset[str], *, cut: bool) -> Place:
    """As the findings judge it: what is missing of a log is older, and would have made a country usual."""
    if one.place in usual:
        return Place.USUAL
    return Place.NOT_COMPARED if cut or not usual or one.place is None else Place.UNUSUAL


def _signed_in(logs: Sequence[_Log], hour: datetime) -> frozenset[Place] | None:
    seen = frozenset(place for log in logs for place in log.places.get(hour, ()))
    return seen or (seen if all(_is_in(hour, log.successes_from) for log in logs) else None)


def _failed(logs: Sequence[_Log], hour: datetime) -> bool | None:
    return any(hour in log.failures for log in logs) or (
        False if all(_is_in(hour, log.failures_from) for log in logs) else None
    )


def _is_in(hour: datetime, since: datetime | None) -> bool:
    """Whether all of the hour is in what begins then."""
    return since is not None and hour >= since
