"""Every sentence a person reads: messages of a gettext catalogue, one folder a language, English first.

A message is asked for by its name (`person.waiting.lead`) and filled with named placeholders."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

_HOME = Path(__file__).parent
_FALLBACK = "en"


class Words:
    """One language's sentences."""

    def __init__(self, language: str, messages: gettext.NullTranslations) -> None:
        self.language = language
        self._messages = messages

    def __call__(self, name: str, /, **filled: object) -> str:
        """The sentence of that name.

        Raises:
            LookupError: the catalogue has no such sentence.
        """
        sentence = self._messages.gettext(name)
        if sentence == name:
            raise LookupError(f"no sentence {name!r} in language {self.language!r}")
        return sentence.format_map({key: self._shown(value) for key, value in filled.items()})

    def count(self, name: str, number: int, /, **filled: object) -> str:
        """The sentence of that name in the plural form the number asks for; `{n}` stands for the number."""
        sentence = self._messages.ngettext(name, name, number)
        return sentence.format_map({key: self._shown(value) for key, value in {**filled, "n": number}.items()})

    def _shown(self, value: object) -> str:
        return format_decimal(value, locale=self.language) if type(value) is int else str(value)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.parent.parent.name for path in _HOME.glob("*/LC_MESSAGES/sendwell.po")))


def words_for(locale: str) -> Words:
    """The best language for a locale such as `de-DE`; English where there is none."""
    return _words(negotiate_locale([locale], languages(), sep="-") or _FALLBACK)


@cache
def _words(language: str) -> Words:
    with (_HOME / language / "LC_MESSAGES" / "sendwell.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(language, gettext.GNUTranslations(compiled))
