"""What people want, in nine languages: every labelled utterance of the tuning part, and what is never guessed."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from services.domain.intent import TAUGHT, Guess, read_free_words, read_wish
from services.domain.wishes.reading import read_words
from services.domain.wishes.topic import Topic
from tests.intents.labelled import HELD_OUT, held_out, is_right, read_as, tuning, utterances


def test_every_utterance_that_the_tables_were_tuned_with_is_read_rightly() -> None:
    wrong = {one.words: (one.wish, read_as(one.words)) for one in tuning() if not is_right(one)}
    assert wrong == {}


def test_the_labelled_utterances_are_many_and_in_nine_languages() -> None:
    assert len(utterances()) >= 600 + HELD_OUT
    assert len({one.words for one in utterances()}) == len(utterances())
    assert {one.language for one in tuning()} == {one.language for one in held_out()}
    assert len({one.language for one in utterances()}) == 9


@pytest.mark.parametrize(
    "words",
    [
        *("can I cancel my mobile contract here?", "what happens if I withdraw?", "cancel the meeting with Kim"),
        *("kann ich das abbrechen?", "et si j'annule ma réunion de demain ?", "cancelar la reserva del hotel"),
    ],
)
def test_what_may_be_a_withdrawal_is_never_taken_for_one(words: str) -> None:
    assert read_wish(words) is not Topic.WITHDRAW


@pytest.mark.parametrize(
    "words",
    [
        *("the phone works, mail I have not tried", "does it work?", "it does not work", "nothing works"),
        *("funktioniert das auch im Urlaub?", "es funktioniert nicht", "no funciona", "ça ne marche pas"),
        *("não funciona", "non funziona", "het werkt niet", "動きません", "لا يعمل"),
    ],
)
def test_what_may_mean_that_sending_works_is_never_taken_for_it(words: str) -> None:
    assert read_wish(words) is not Topic.WORKS


@pytest.mark.parametrize(
    "words",
    [
        *("cancel the block on my account", "cancel the restriction please", "bitte die Sperrung stornieren"),
        *("annulez le blocage svp", "cancelar el bloqueo", "cancelar o bloqueio da minha conta", "annulla il blocco"),
        *("annuleer de blokkade", "ブロックをキャンセルしてください", "الرجاء إلغاء حظري"),
    ],
)
def test_who_wants_the_restriction_cancelled_does_not_lose_their_request(words: str) -> None:
    assert read_wish(words) is Topic.LOOK
    assert read_wish("cancel my request") is Topic.WITHDRAW


@pytest.mark.parametrize(
    "words",
    [
        *("it worked for a minute, now it bounces again", "still not working but thanks", "it does not work"),
        *("danke, aber es kommt weiter alles zurück", "merci mais mes messages reviennent encore"),
        *("todavía no funciona, gracias", "continua sem funcionar, obrigado", "grazie ma non va ancora"),
        *("bedankt, maar het werkt niet", "まだ直っていません、ありがとう", "動きません", "شكرا لكن لا يعمل"),
    ],
)
def test_thanks_with_a_no_and_what_worked_once_is_still_bouncing(words: str) -> None:
    assert read_wish(words) is Topic.BOUNCING


def test_a_withdrawal_among_other_words_is_asked_about() -> None:
    assert read_wish("cancel my request because Kim from accounting sorted the invoices") == Guess(
        likeliest=Topic.WITHDRAW, other=Topic.STATUS
    )


def test_a_reading_says_why() -> None:
    reading = read_words("toujours bloqué")
    assert reading.kind is Topic.BOUNCING
    assert [str(idea) for idea in reading.ideas] == ["still", "blocked"]
    assert reading.language == "fr"


def steps_of_reading(text: str, read: Callable[[str], object] = read_words) -> int:
    """How many lines of the wishes' package run while a text is read."""
    steps = 0

    def in_frame(_frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return in_frame

    def on_call(frame: FrameType, _event: str, _: Any) -> Any:
        return in_frame if "/domain/wishes/" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("unit", ["still cant ", "送", "لا ", "abcdefg "])
def test_twice_the_text_is_about_twice_the_work_and_there_is_a_most(unit: str) -> None:
    some = 60 // len(unit)
    once, twice = steps_of_reading(unit * some), steps_of_reading(unit * 2 * some)
    assert twice <= 2.3 * once + 300


def test_no_more_is_read_than_a_wish_can_need() -> None:
    assert read_words("x " * 2_000 + "cancel my request").kind is Topic.OFFTOPIC


_DRESSED = ("{}", " {}\n", "{}.", "{}!", "{}!!", "{}.!", "{}?", "{}…", "\u200b{}", "“{}”", "{} please", "{}, {}")


def test_what_the_cards_teach_is_read_as_any_words_are() -> None:
    forms = [form(word) for word in TAUGHT for form in (str, str.upper, str.title)]
    texts = [dress.format(word, word) for word in forms for dress in _DRESSED] + [one.words for one in utterances()]
    assert [text for text in texts if read_wish(text) != read_free_words(text)] == []


def test_what_the_cards_teach_is_known_before_any_pattern_is_tried() -> None:
    """It is most of what is ever written, and trying all patterns takes as long as a fifth of a turn."""
    assert [word for word in TAUGHT if steps_of_reading(word, read_wish)] == []
    assert steps_of_reading("hello", read_wish) > 0
