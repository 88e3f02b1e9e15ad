"""Every sentence a person reads: messages of a gettext catalogue, one folder a language, English first.

A message is asked for by its name (`person.waiting.lead`) and filled with named placeholders."""

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from babel.core import negotiate_locale
from babel.dates import format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from cards.text import Moment, macro, zone_name

_HOME = Path(__file__).parent
_FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersTime:
    """Sentences of ours with times that Teams writes in each reader's zone. Only `elements.timed_line` shows them."""

    text: str


class Words:
    """One language's sentences. Times in them are written in `zone`, with its name. `known` stands wherever a sentence
    asks for it: whom the card is about. `for_many`: the readers are in several zones, see `for_one_channel`."""

    def __init__(
        self,
        language: str,
        messages: gettext.NullTranslations,
        zone: tzinfo = UTC,
        known: Mapping[str, str] = MappingProxyType({}),
        *,
        for_many: bool = False,
    ) -> None:
        self.language = language
        self._messages = messages
        self._zone = zone
        self._known = known
        self._for_many = for_many

    def knowing(self, **known: str) -> "Words":
        """These words, with what every sentence may ask for besides what it is filled with."""
        known = {**self._known, **known}
        return Words(self.language, self._messages, self._zone, known, for_many=self._for_many)

    def for_one_channel(self) -> "Words":
        """These words, with each time in the organisation's zone, also where Teams could write the reader's own: most
        times of a channel's card stand beside a name, where Teams cannot, and one card has one way to write a time."""
        return Words(self.language, self._messages, self._zone, self._known, for_many=True)

    def __call__(self, name: str, /, **filled: object) -> str:
        """The sentence of that name.

        Raises:
            LookupError: the catalogue has no such sentence.
        """
        return self._sentence(name).format_map(self._filling(filled))

    def count(self, name: str, number: int, /, **filled: object) -> str:
        """The sentence of that name in the plural form the number asks for; `{n}` stands for the number."""
        sentence = self._messages.ngettext(name, name, number)
        return sentence.format_map(self._filling({**filled, "n": number}))

    def _filling(self, filled: Mapping[str, object]) -> dict[str, str]:
        unnamed = {"person": self._messages.gettext("person.unnamed")}
        return {**unnamed, **self._known, **{key: self._shown(value) for key, value in filled.items()}}

    def time(self, when: Moment) -> str:
        """A time for where it stands outside of a sentence."""
        at = when.at.astimezone(self._zone)
        pattern = self._sentence("time.moment") if when.with_date else "HH:mm"
        return f"{_time(at, pattern, self._zone, self.language)} {zone_name(at)}"

    def day(self, at: datetime, *, with_year: bool = True) -> str:
        """The day of a time, for where it stands outside of a sentence."""
        pattern = self._sentence("time.day" if with_year else "time.day_of_year")
        return _time(at.astimezone(self._zone), pattern, self._zone, self.language)

    def span(self, span: timedelta) -> str:
        """A length of time in its largest fitting unit: "40 minutes", "3 hours"."""
        return str(format_timedelta(span, threshold=2, locale=self.language))

    def is_same_day(self, one: datetime, other: datetime) -> bool:
        """Whether both times are on one day where the readers are."""
        return bool(one.astimezone(self._zone).date() == other.astimezone(self._zone).date())

    def timed(self, name: str, /, **filled: Moment | int) -> ReadersTime:
        """The sentence with each reader's own time, unless it is `for_one_channel`. Nothing but times and numbers may
        be filled in: Teams reads markdown where such a sentence stands."""
        return ReadersTime(text=self._sentence(name).format_map(self._marked(filled)))

    def count_timed(self, name: str, number: int, /, **filled: Moment) -> ReadersTime:
        """As `timed`, in the plural form the number asks for; `{n}` stands for the number."""
        sentence = self._messages.ngettext(name, name, number)
        return ReadersTime(text=sentence.format_map({**self._marked(filled), "n": self._shown(number)}))

    def _marked(self, filled: Mapping[str, Moment | int]) -> dict[str, str]:
        """A number as plain digits: it is the number of a case."""
        timed = self.time if self._for_many else macro
        return {key: timed(value) if isinstance(value, Moment) else f"{value:d}" for key, value in filled.items()}

    def _sentence(self, name: str) -> str:
        sentence = self._messages.gettext(name)
        if sentence == name:
            raise LookupError(f"no sentence {name!r} in language {self.language!r}")
        return sentence

    def _shown(self, value: object) -> str:
        if isinstance(value, Moment):
            return self.time(value)
        return _number(value, self.language) if type(value) is int else str(value)


@lru_cache(maxsize=1_024)
def _time(at: datetime, pattern: str, zone: tzinfo, language: str) -> str:
    """Kept for the other places of a card, and its next pictures. Two times are the same in whichever zone they are."""
    return str(format_datetime(at, pattern, tzinfo=zone, locale=language))


@lru_cache(maxsize=1_024)
def _number(number: int, language: str) -> str:
    return format_decimal(number, locale=language)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.parent.parent.name for path in _HOME.glob("*/LC_MESSAGES/sendwell.po")))


@lru_cache(maxsize=1_024)
def words_for(locale: str, zone: tzinfo = UTC) -> Words:
    """The best language for a locale such as `de-DE`, English where there is none; times are written in `zone`."""
    language = negotiate_locale([locale], languages(), sep="-") or _FALLBACK
    return Words(language, _messages(language), zone)


@cache
def _messages(language: str) -> gettext.NullTranslations:
    with (_HOME / language / "LC_MESSAGES" / "sendwell.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
