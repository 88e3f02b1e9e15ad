"""Every state of the approvers' card is no higher than a channel shows at one look, at the three widths it is read at,
and nothing in it scrolls or sticks out, be "More" open or not."""

from fnmatch import fnmatchcase

from tests.cards.heights import measured, stage
from tests.cards.pictures import pictures
from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

BOUNDS = (
    # which states, and the most pixels at 320, 500 and 700: the first matching row counts
    ("contain-two-back", (1_110, 780, 630)),  # what is not contained any more, and what somebody wants undone
    ("contain-* contained*", (1_110, 720, 630)),
    ("asked-again*", (900, 670, 580)),  # with its form open
    ("limits-no-help-* limits-obstacle-* limits-applied* limits-proposed*", (740, 530, 440)),
    ("limits-*", (620, 450, 400)),
    ("stolen timeline one-of-two alarms-keep-coming weak-signs more-than-said who-to-call", (660, 470, 400)),
    ("checked-absent", (365, 270, 240)),
    ("checking* stopped* being-looked-at call-code-told", (600, 440, 390)),
    ("reported asked_back mended escalated", (400, 280, 255)),
    ("works denied withdrawn expired relapsed already_lifted closed* not_restricted looking", (310, 240, 240)),
    ("approved* unblocked checked-* off* needs_ticket with_microsoft took-effect solved", (360, 270, 240)),
    ("failed*", (480, 340, 290)),
    ("waiting spam rate unknown honest federated third-time gathering no-entry", (380, 275, 255)),
    ("*", (500, 370, 330)),
)


def bounds_of(name: str) -> tuple[int, ...]:
    return next(most for patterns, most in BOUNDS if any(fnmatchcase(name, pattern) for pattern in patterns.split()))


@WIDE_ONLY
async def test_no_card_is_higher_than_a_channel_shows(still_window: Window) -> None:
    cards = {name: card for name, card in pictures().items() if name.startswith("approver-")}
    await stage(still_window.page, still_window.page.url)
    wrong = []
    for name, found in (await measured(still_window.page, cards)).items():
        most = bounds_of(name.removeprefix("approver-"))
        if found.overflows or any(height > bound for height, bound in zip(found.heights, most, strict=True)):
            wrong.append(f"{name}: {found} with at most {most}")
    assert wrong == []
