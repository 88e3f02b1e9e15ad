"""Every language says what English says, with the same facts, and every card can be drawn in it."""

import json
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import cards.words
from cards.words import languages, words_for
from services.domain.card import Card
from tests.cards.pictures import pictures
from tests.cards.sample_view import HOSTILE
from tests.judges.judges import judge_all

HOME = Path(cards.words.__file__).parent
OTHERS = [language for language in languages() if language != "en"]
MOST_ON_A_BUTTON = 26
"""Characters: a longer title does not fit the narrowest chat."""
SAID_IN_GERMAN = {
    "freischalten": r"freigeben|freigegeben\b|freigabe|entsperr",
    "eingeschränkt": r"der gesperrten",
    "Kennwort": r"passwort",
    "Unzustellbarkeitsbericht": r"bounce|der rückmeldung|die (ganze )?rückmeldung",
    "Limit": r"grenzwert|sendegrenze|\bgrenzen?\b",
    "Rundmail": r"\bmailing",
    "Befunde": r"\bbelege\b|\bhinweise?\b",
    "kompromittiert": r"gestohlen|fremdes eindringen",
    "Konto sichern": r"eindämm",
    "Sicherheitsteam": r"einsatzkr",
    "Genehmigende": r"genehmiger",
    "Supportticket": r"supportanfrage",
    "abzeichnen": r"einstehen|eingestanden",
    "MFA": r"zweite\w* (faktor|nachweis)",
    "Domain": r"domäne",
    "zum Beispiel telefonisch": r"auf anderem weg",
}
"""The one German word for a thing, and those that mean the same and once stood beside it. "Freigeben" is Microsoft's
word for sharing a mailbox and for releasing a quarantined message, so an address is freischalten."""


@cache
def catalogue(language: str) -> Catalog:
    with (HOME / language / "LC_MESSAGES" / "sendwell.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def drawn(language: str) -> dict[str, Card]:
    return pictures(words_for(language))


def sentences(language: str) -> dict[str, Message]:
    """Returns the catalogue's messages by key, without the header."""
    named = {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue(language)}
    return {name: message for name, message in named.items() if name}


def forms(message: Message) -> tuple[str, ...]:
    """Returns the sentence, or its plural forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def titles(card: object) -> list[str]:
    """Yields the titles of buttons."""
    if isinstance(card, list):
        return [title for item in card for title in titles(item)]
    if not isinstance(card, dict):
        return []
    own = [str(card["title"])] if str(card.get("type")).startswith("Action.") else []
    return own + [title for value in card.values() for title in titles(value)]


def test_there_is_german() -> None:
    assert {"de", "en"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_is_of_its_language(language: str) -> None:
    assert str(catalogue(language).locale) == language
    locale = catalogue(language).locale
    assert locale is not None
    assert words_for(language)("language.name") == locale.get_display_name()


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_there_in_the_same_order_and_none_is_empty(language: str) -> None:
    assert list(sentences(language)) == list(sentences("en"))
    assert [name for name, message in sentences(language).items() if not all(map(str.strip, forms(message)))] == []


@pytest.mark.parametrize("language", languages())
def test_no_sentence_is_a_guess(language: str) -> None:
    assert not catalogue(language).fuzzy
    assert [name for name, message in sentences(language).items() if message.fuzzy] == []


@pytest.mark.parametrize("language", languages())
def test_plurals_are_plurals_in_every_form_of_the_language(language: str) -> None:
    english = sentences("en")
    for name, message in sentences(language).items():
        assert message.pluralizable == english[name].pluralizable, name
        assert len(forms(message)) == (catalogue(language).num_plurals if message.pluralizable else 1), name


@pytest.mark.parametrize("language", languages())
def test_every_sentence_takes_the_same_facts(language: str) -> None:
    for name, message in sentences(language).items():
        english = forms(sentences("en")[name])
        for number, form in enumerate(forms(message)):
            # The first form is the singular; a language with more than two has more than one plural.
            assert placeholders(form) == placeholders(english[min(number, len(english) - 1)]), name


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("de-DE", "de"), ("de-AT", "de"), ("de-CH", "de"), ("en-US", "en"), ("xx", "en")],
)
def test_a_locale_finds_its_language_or_english(locale: str, language: str) -> None:
    assert words_for(locale).language == language


@pytest.mark.parametrize("language", languages())
def test_every_card_passes_both_judges_in_every_language(language: str) -> None:
    assert set(drawn(language)) == set(drawn("en"))
    assert {name: found for name, found in judge_all(drawn(language)).items() if found} == {}


@pytest.mark.parametrize("language", languages())
def test_every_card_fits_what_teams_takes_in_every_language(language: str) -> None:
    sizes = {name: len(json.dumps(card).encode()) for name, card in drawn(language).items()}
    assert {name: size for name, size in sizes.items() if size >= 25_000} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_every_button_is_short_where_words_are_longer(language: str) -> None:
    shown = {title for card in drawn(language).values() for title in titles(card)}
    assert {title for title in shown if len(title) > MOST_ON_A_BUTTON} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_sentence_stands_on_a_card_of_another_language(language: str) -> None:
    """Looks for whole sentences without placeholders only, since a single word may be the same in both languages."""
    english = {form for message in sentences("en").values() for form in forms(message) if not placeholders(form)}
    own = {form for message in sentences(language).values() for form in forms(message)}
    said = json.dumps(drawn(language), ensure_ascii=False)
    looked_for = [form for form in sorted(english - own) if len(form) > 12 and form not in HOSTILE]
    assert [form for form in looked_for if form in said] == []


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert "2.001" in words_for("de")("why.limit.external", external=2001)
    assert "2,001" in words_for("en")("why.limit.external", external=2001)


def test_german_has_its_plurals() -> None:
    count = words_for("de").count
    assert [count("cases.title", n) for n in (0, 1, 2)] == ["0 offene Fälle", "1 offener Fall", "2 offene Fälle"]


def test_german_has_one_word_for_one_thing() -> None:
    said = {name: " ".join(forms(message)) for name, message in sentences("de").items()}
    found = {
        (name, word)
        for name, sentence in said.items()
        for word, others in SAID_IN_GERMAN.items()
        if re.search(others, sentence, re.IGNORECASE)
    }
    assert found == set()
