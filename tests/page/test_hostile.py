"""What people write is text and nothing else, on the cards as a browser shows them, with markdown switched on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cards.approver.approver_card import approver_card
from cards.elements import Card15, choice, tick, to_json
from cards.notices import Checked, not_restricted_card, one_line
from cards.person.person_card import person_card
from cards.text import LOOK_ALIKE, user_text
from services.domain.bounce.bounce import read_bounce
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.parts import Decision, Question
from services.domain.case.status import Status
from services.domain.people import SignOff
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.restriction import Restriction
from tests.cards.sample_view import VIEW
from tests.cases import ANA, BO, CASES, NOW
from tests.hostile import HOSTILE_WORDS
from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

_DRAW = """async (cards) => {
  const { renderCard } = await import("/page/cards.js");
  return cards.map((card) => {
    const drawn = renderCard(card, async () => {}, () => {}).box;
    document.body.append(drawn);
    const count = (selector) => drawn.querySelectorAll(selector).length;
    const found = {
      strange: count("a, img, script, iframe, table, h1, h2, code, pre, blockquote, li, em, strong, b, i, s, del, svg"),
      runs: [...drawn.querySelectorAll(".ac-textRun, .ac-richTextBlock span")].map((run) => run.textContent),
      text: drawn.textContent,
    };
    drawn.remove();
    return found;
  });
}"""


def test_there_are_at_least_a_hundred() -> None:
    assert len(set(HOSTILE_WORDS)) >= 100


def _waiting(words: str) -> Case:
    """Uses the same words for everything a person writes and everything that comes from other systems."""
    mark = SignOff(by=BO.id, name=words, at=NOW, text=words)
    return replace(
        CASES[Status.WAITING],
        sender=replace(CASES[Status.WAITING].sender, name=words, phone=words, manager=words, addresses=(words,)),
        request=replace(
            CASES[Status.WAITING].request,
            note=words,
            reviewing=mark,
            question=Question(asked=mark, reply=words, replied_at=NOW),
        ),
        contact=replace(CASES[Status.WAITING].contact, unreachable=words),
        proofs=replace(
            CASES[Status.WAITING].proofs,
            mailing=Mailing(sent=SentMailing.YES, recipients=words, to_whom=words, how_often=words, until=words),
        ),
        restriction=Restriction(address=words, reason=words),
    )


def _decided(words: str) -> Case:
    decision = Decision(approved=False, by=BO.id, name=words, at=NOW, reason=words, internal=words)
    return replace(
        CASES[Status.FAILED],
        sender=replace(CASES[Status.FAILED].sender, person=ANA, name=words),
        decision=decision,
        unblock=replace(CASES[Status.FAILED].unblock, error=words),
        ticket=words,
    )


def _cards(words: str) -> list[Card]:
    denied = replace(_decided(words), status=Status.DENIED)
    return [
        approver_card(_waiting(words), VIEW),
        approver_card(_decided(words), VIEW),
        person_card(replace(_waiting(words), status=Status.NEEDS_INFO), VIEW),
        person_card(denied, VIEW),
        not_restricted_card(Checked(addresses=(words,), read_at=NOW), read_bounce(f"550 5.7.1 {words}"), VIEW),
        one_line(f"Answer: {user_text(words)}"),
    ]


def _boxes(words: Sequence[str]) -> Card:
    """Boxes to tick, named as those are that name an inbox rule, an address or whoever was called."""
    boxes = [
        choice(f"to{n}", f"Stop forwarding to {user_text(one)} ({user_text(one)}).") for n, one in enumerate(words)
    ]
    called = [tick(f"by{n}", "Called", f"{user_text(one)} may send", "Please tick.") for n, one in enumerate(words)]
    return to_json(Card15(body=[*boxes, *called]))


async def _drawn(window: Window, cards: list[Card]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await window.page.evaluate(_DRAW, cards)
    return found


@pytest.mark.parametrize("viewport", [{"width": 1500, "height": 1000}], ids=["wide"])
async def test_words_of_people_stay_words(window: Window) -> None:
    everything = await _drawn(window, [card for words in ("plain", *HOSTILE_WORDS) for card in _cards(words)])
    each = len(_cards("plain"))
    plain, *hostile = (everything[start : start + each] for start in range(0, len(everything), each))
    for words, drawn in zip(HOSTILE_WORDS, hostile, strict=True):
        for harmless, card in zip(plain, drawn, strict=True):
            assert card["strange"] == harmless["strange"], words
            assert len(card["runs"]) == len(harmless["runs"]), words  # the words added no line and no run of a line
        assert user_text(words, 80).strip() in drawn[0]["text"], words
    assert window.complaints == []


@WIDE_ONLY
async def test_a_box_to_tick_is_named_by_words_and_not_by_what_they_could_draw(still_window: Window) -> None:
    """Teams reads markdown there, as in no run."""
    hostile, plain = await _drawn(still_window, [_boxes(HOSTILE_WORDS), _boxes(["plain"] * len(HOSTILE_WORDS))])
    assert hostile["strange"] == plain["strange"] == 0
    for words in HOSTILE_WORDS:
        assert f"Stop forwarding to {user_text(words)} ({user_text(words)})." in as_typed(hostile["text"]), words


def as_typed(drawn: str) -> str:
    """The text as it was before it was kept from being markup."""
    return drawn.translate({0x2060: None, **{ord(shown): sign for sign, shown in LOOK_ALIKE.items()}})


def test_nothing_invisible_and_no_macro_gets_through() -> None:
    for words in HOSTILE_WORDS:
        shown = user_text(words)
        if shown.startswith("\u2068"):
            # What is written from right to left stands in a pair of our own, and cannot end it.
            assert shown.endswith("\u2069")
            shown = shown[1:-1]
        assert "\u2069" not in shown
        assert "\n" not in shown
        assert "{{" not in shown
        assert not any(char in shown for char in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u2060\ufeff\x00\x1b")
