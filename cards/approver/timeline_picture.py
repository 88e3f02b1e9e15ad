"""The timeline as pixels."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from cards.pixels import Ink, Pixels
from services.domain.evidence.timeline import HOURS, Place, Timeline

HOUR_WIDE, BARS_HIGH, LANE_HIGH = 12, 96, 24
"""Pixels."""
LANES = BARS_HIGH + 8
"""Where the lanes of the sign-ins begin, below the bars."""
_MARK_WIDE = 18
_HIGH = LANES + 3 * LANE_HIGH
_DOT = [(9 - half, 2 * half) for half in (3, 5, 6, 7, 8, 8, 9, 9, 9, 9, 9, 9, 8, 8, 7, 6, 5, 3)]
_TRIANGLE = [(9 - half, 2 * half) for half in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9)]
_DIAMOND = [(9 - half, 2 * half) for half in (1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1)]


@lru_cache(maxsize=64)
def address_of(shown: Timeline) -> str:
    """The picture as an address that holds it. Every card of a case shows the same one until there is more to show."""
    return picture_of(shown).data_uri()


def picture_of(shown: Timeline) -> Pixels:
    """Bars of recipients on a line; below them the hours with a sign-in from an unusual place, from another one, and
    with a failed one; across it all the restriction and the password. What was not read is hatched."""
    drawn = Pixels(HOURS * HOUR_WIDE, _HIGH)
    peak = max((number or 0 for number in shown.recipients), default=0)
    _hatch(drawn, shown.recipients, 0, BARS_HIGH)
    _hatch(drawn, shown.signed_in, LANES, 2 * LANE_HIGH)
    _hatch(drawn, shown.failed, LANES + 2 * LANE_HIGH, LANE_HIGH)
    drawn.box(0, BARS_HIGH, drawn.width, 2, Ink.GREY)
    for day in range(24, HOURS, 24):
        drawn.box(day * HOUR_WIDE, BARS_HIGH, 2, 8, Ink.GREY)
    for hour in range(HOURS):
        high = bar_height(shown.recipients[hour] or 0, peak)
        drawn.box(hour * HOUR_WIDE + 1, BARS_HIGH - high, HOUR_WIDE - 2, high, Ink.BLUE)
        _marks(drawn, hour, shown.signed_in[hour] or frozenset(), failed=shown.failed[hour] is True)
    for at in shown.restricted:
        for down in range(0, _HIGH, 12):
            drawn.box(_across(shown, at), down, 4, 8, Ink.RED)
    for at in shown.passwords:
        drawn.box(_across(shown, at), 0, 4, _HIGH, Ink.GREEN)
        drawn.shape(_across(shown, at) + 2 - _MARK_WIDE // 2, 0, _DIAMOND, Ink.GREEN)
    return drawn


def _across(shown: Timeline, at: datetime) -> int:
    """Where the line of that moment begins."""
    return round((at - shown.start) / timedelta(hours=1) * HOUR_WIDE) - 2


def bar_height(number: int, peak: int) -> int:
    """Pixels: whatever was sent is seen, beside however much."""
    return max(2, round(number / peak * BARS_HIGH)) if number else 0


def _hatch(drawn: Pixels, hours: Sequence[object], top: int, high: int) -> None:
    for unread, run in groupby(range(len(hours)), lambda hour: hours[hour] is None):
        if unread:
            first, *more = run
            drawn.hatch(first * HOUR_WIDE, top, (1 + len(more)) * HOUR_WIDE, high)


def _marks(drawn: Pixels, hour: int, places: frozenset[Place], *, failed: bool) -> None:
    left = hour * HOUR_WIDE + HOUR_WIDE // 2 - _MARK_WIDE // 2
    unusual, usual, failures = (LANES + lane * LANE_HIGH for lane in range(3))
    if Place.UNUSUAL in places:
        drawn.shape(left, unusual, _TRIANGLE, Ink.RED)
    if Place.USUAL in places:
        drawn.shape(left, usual, _DOT, Ink.BLUE)
    elif Place.NOT_COMPARED in places:
        drawn.shape(left, usual, _DOT, Ink.GREY)
        drawn.box(left + 6, usual + 6, 6, 6, Ink.NONE)
    if failed:
        drawn.shape(left, failures, [(down, 4) for down in range(15)], Ink.GREY)
        drawn.shape(left, failures, [(14 - down, 4) for down in range(15)], Ink.GREY)
