"""The picture of sent mail and sign-ins: its bars are what was counted, its words say the same, the card holds it."""

import json
import struct
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from cards.approver.approver_card import approver_card
from cards.approver.evidence import evidence_lines
from cards.approver.timeline_picture import BARS_HIGH, HOUR_WIDE, LANE_HIGH, LANES, address_of, bar_height, picture_of
from cards.elements import to_json
from cards.fit import Part, Room
from cards.pixels import PALETTE, Ink
from sandbox.teams import texts
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.evidence.report import Report, SentHour, SentMail, SignIn
from services.domain.evidence.timeline import HOURS, Timeline, timeline
from services.domain.restriction import Restriction
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.goldens import pixels
from tests.cards.pictures import pictures
from tests.cards.sample_evidence import NIGHT
from tests.cards.sample_view import VIEW
from tests.cases import CASES, HOUR, NOW, SINCE, report, restriction

PALE, DARK, BLACK = (0xF3, 0xF3, 0xF5), (0x38, 0x38, 0x38), (0, 0, 0)
UNREAD = Unknown(reason=UnknownReason.TIMED_OUT)


def case_with(evidence: Report, entry: Restriction | None = None) -> Case:
    return replace(CASES[Status.WAITING], evidence=evidence, restriction=entry or restriction())


def card_of(evidence: Report, entry: Restriction | None = None) -> dict[str, Any]:
    return approver_card(case_with(evidence, entry), VIEW)


def picture_in(card: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def look(element: Any) -> None:
        if isinstance(element, dict):
            found.extend([element] if element.get("type") == "Image" else [])
            for value in element.values():
                look(value)
        elif isinstance(element, list):
            for item in element:
                look(item)

    look(card)
    return found


def shown(evidence: Report) -> tuple[Timeline, Image]:
    drawn = timeline(evidence, SINCE, [], [])
    assert drawn is not None
    return drawn, pixels(picture_of(drawn).data_uri())


def column(picture: Image, hour: int, top: int, high: int, ink: Ink) -> int:
    """Pixels of that colour in the middle of an hour."""
    across = hour * HOUR_WIDE + HOUR_WIDE // 2
    return sum(picture.getpixel((across, down)) == (*PALETTE[ink], 255) for down in range(top, top + high))


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.integers(0, 71), st.integers(1, 3_000), min_size=1, max_size=12))
def test_each_bar_is_as_high_as_its_hours_count(counts: dict[int, int]) -> None:
    rows = tuple(SentHour(start=NOW - ago * HOUR, recipients=counts[ago], messages=1) for ago in counts)
    drawn, picture = shown(report(sent=SentMail(hours=rows, subjects=1)))
    peak = max(number or 0 for number in drawn.recipients)
    for hour, number in enumerate(drawn.recipients):
        assert column(picture, hour, 0, BARS_HIGH, Ink.BLUE) == (bar_height(number or 0, peak) if number else 0)
    within = [row.recipients for row in rows if drawn.start <= row.start]
    if within:
        said = texts(card_of(report(sent=SentMail(hours=rows, subjects=1)))).replace(",", "")
        assert f"recipients: {sum(within)} (tallest bar: {max(within)})" in said


def test_whatever_was_sent_is_seen_beside_however_much() -> None:
    assert bar_height(1, 100_000) > 0
    assert bar_height(0, 0) == 0
    assert bar_height(7, 7) == BARS_HIGH


def test_each_kind_of_sign_in_is_drawn_in_the_lane_of_its_own() -> None:
    drawn, picture = shown(NIGHT)
    usual, abroad, failed = (drawn.hour_of(NOW - hours * HOUR) for hours in (1, 9, 16))
    for lane, hour, ink in ((0, abroad, Ink.RED), (1, usual, Ink.BLUE)):
        assert column(picture, hour, LANES + lane * LANE_HIGH, LANE_HIGH, ink) > 8
        assert column(picture, failed, LANES + lane * LANE_HIGH, LANE_HIGH, ink) == 0
    assert column(picture, failed, LANES + 2 * LANE_HIGH, LANE_HIGH, Ink.GREY) > 2
    assert column(picture, usual, LANES + 2 * LANE_HIGH, LANE_HIGH, Ink.GREY) == 0


def test_what_was_not_read_is_hatched_and_said_and_what_was_empty_is_not() -> None:
    _, picture = shown(report(sent=UNREAD))
    assert all(column(picture, hour, 0, BARS_HIGH, Ink.GREY) > 8 for hour in range(HOURS))
    assert "Sent mail was not read (hatched)." in texts(card_of(report(sent=UNREAD)))
    _, picture = shown(report(sent=SentMail(hours=(), subjects=0)))
    assert all(column(picture, hour, 0, BARS_HIGH, Ink.GREY) == 0 for hour in range(HOURS))
    said = texts(card_of(report(sent=SentMail(hours=(), subjects=0))))
    assert "no mail sent" in said
    assert "hatched" not in said
    assert "no mail sent" not in texts(card_of(report(sent=UNREAD)))
    assert "Sign-ins were not read (hatched)." in texts(card_of(report(sign_ins=UNREAD)))


def test_a_trace_that_was_cut_short_says_at_least() -> None:
    row = SentHour(start=NOW - 5 * HOUR, recipients=3, messages=1)
    said = texts(card_of(report(sent=SentMail(hours=(row,), subjects=1, complete=False))))
    assert "Not all sent mail was read (hatched): the bars are minimums." in said


def test_of_a_log_that_was_cut_short_nothing_is_said_to_be_absent() -> None:
    said = texts(card_of(report(sign_ins=(SignIn(at=NOW, succeeded=False),), sign_ins_cut=True)))
    assert "Not all sign-ins were read (hatched)." in said
    assert "no sign-ins" not in said
    assert "no sign-ins" in texts(card_of(report()))


def test_where_nothing_was_read_there_is_no_picture() -> None:
    assert picture_in(card_of(report(sent=UNREAD, sign_ins=UNREAD))) == []


def test_the_words_below_say_what_the_picture_shows() -> None:
    card = card_of(NIGHT)
    said = texts(card)
    for words in (
        "Around the restriction, hour by hour",
        "hours with a sign-in from an unusual place: 3",
        "hours with a sign-in from a usual place: 3",
        "hours with a failed sign-in: 1",
        "restricted 24 Nov 2026, 11:00 UTC",
        "password changed 24 Nov 2026, 08:00 UTC",
    ):
        assert words in said, words
    assert [one["altText"] for one in picture_in(card)] == [VIEW.words("timeline.alt")]


def test_a_start_that_nobody_knows_is_said() -> None:
    said = texts(card_of(NIGHT, replace(restriction(), since=None)))
    assert "The last three days, hour by hour" in said
    assert "start of the restriction not known" in said


@pytest.mark.parametrize("ink", [ink for ink in Ink if ink is not Ink.NONE])
@pytest.mark.parametrize("ground", [PALE, DARK, BLACK], ids=["light", "dark", "high contrast"])
def test_every_colour_is_seen_on_every_ground(ink: Ink, ground: tuple[int, int, int]) -> None:
    """Three to one, as graphics must be: https://www.w3.org/TR/WCAG21/#non-text-contrast"""

    def light(colour: tuple[int, int, int]) -> float:
        linear = [
            one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (c / 255 for c in colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    darker, lighter = sorted((light(PALETTE[ink]), light(ground)))
    assert lighter / darker >= 3


def test_the_picture_is_in_the_card_and_holds_nothing_but_pixels() -> None:
    """Nobody serves it, so nobody else can fetch it; and no name or address is in it."""
    for name, card in pictures().items():
        for one in picture_in(card):
            assert one["url"].startswith("data:image/png;base64,"), name
            data = b64decode(one["url"].partition(",")[2])
            assert chunks(data) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"], name
            width, height = struct.unpack(">II", data[16:24])
            # https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
            assert max(width, height) <= 1024
            assert len(one["url"]) < 4_000, name


def chunks(png: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append(png[at + 4 : at + 8])
        at += 12 + length
    return found


def test_where_there_is_no_room_the_picture_goes_first_and_the_days_stay() -> None:
    view = replace(VIEW, room=Room(left_out=(Part.TIMELINE,)))
    case = case_with(NIGHT)
    drawn = [to_json(one) for one in evidence_lines(case, NIGHT, view)]
    assert picture_in({"body": drawn}) == []
    assert "Recipients a day" in json.dumps(drawn)
    assert next(iter(Part)) is Part.TIMELINE


def test_a_picture_is_drawn_once_for_all_cards_that_show_the_same() -> None:
    burst = SentMail(hours=(SentHour(start=SINCE, messages=1, recipients=9),), subjects=1)
    (one, _), (same, _), (other, _) = shown(report(sent=burst)), shown(report(sent=replace(burst))), shown(report())
    assert address_of(one) is address_of(same)
    assert address_of(one) != address_of(other)
