"""What a person's words ask for: the wishes by their points, and how sure the first one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.domain.wishes.ideas import NAMED_LANGUAGES, Idea
from services.domain.wishes.normal import tokens
from services.domain.wishes.rules import RULES
from services.domain.wishes.topic import Topic
from services.domain.wishes.vocabulary import VOCABULARIES, Found, Vocabulary

_SURE_BY = 2
"""So many points more than the second wish."""
_NO_WISH = frozenset((Idea.SMALL, Idea.FROM, Idea.TO))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A person's words, understood."""

    kinds: tuple[Topic, ...]
    """The possible wishes, the likeliest first; `OFFTOPIC` where nothing was understood."""
    points: tuple[int, ...]
    """What each wish is worth."""
    language: str
    """In which language most was understood."""
    ideas: tuple[Idea, ...]
    """Why: what was found, in the order of the text."""
    unexplained: int
    """How many words say something else, or were misspelled."""
    speak: str = ""
    """The language that is asked for."""

    @property
    def kind(self) -> Topic:
        """The likeliest wish."""
        return self.kinds[0]

    @property
    def is_close(self) -> bool:
        """Whether the second wish is as likely as the first."""
        return len(self.points) > 1 and self.points[0] == self.points[1]

    @property
    def is_certain(self) -> bool:
        """Whether something may be done that cannot be undone: no word is left over, nothing is asked, and no other
        wish is near."""
        clear = len(self.points) < 2 or self.points[0] - self.points[1] >= _SURE_BY
        return clear and not self.unexplained and not {Idea.QUESTION, Idea.WHY} & set(self.ideas)


def read_words(text: str) -> Reading:
    """The reading of a person's words in the language in which they say most."""
    words = tokens(text)
    readings = [_read_in(vocabulary, words) for vocabulary in VOCABULARIES]
    return max(readings, key=lambda reading: (_explained(reading, len(words)), reading.points[0]))


def _explained(reading: Reading, words: int) -> tuple[int, int]:
    """How well a language fits: first whether it understood anything, then how few words it left over."""
    return (reading.points[0] > 0, words - reading.unexplained)


def _read_in(vocabulary: Vocabulary, words: list[str]) -> Reading:
    phrases = list(vocabulary.find(words))
    ideas = frozenset(idea for phrase in phrases for idea in phrase.ideas)
    points = _points(ideas)
    ranked = sorted(points, key=lambda kind: -points[kind]) or [Topic.OFFTOPIC]
    return Reading(
        kinds=tuple(ranked),
        points=tuple(points[kind] for kind in ranked if kind in points) or (0,),
        language=vocabulary.language,
        ideas=tuple(dict.fromkeys(idea for phrase in phrases for idea in phrase.ideas if idea not in _NO_WISH)),
        unexplained=_left_over(words, phrases),
        speak=next((idea.value for idea in NAMED_LANGUAGES if idea in ideas), ""),
    )


@lru_cache(maxsize=1_024)
def _points(ideas: frozenset[Idea]) -> Mapping[Topic, int]:
    """What each wish is worth. The languages mostly find the same ideas, and so do the words of many people."""
    points: dict[Topic, int] = {}
    for rule in RULES:
        if rule.holds(ideas):
            points[rule.kind] = max(points.get(rule.kind, 0), rule.points)
    return points


def _left_over(words: list[str], phrases: list[Found]) -> int:
    explained = sum(phrase.end - phrase.begin for phrase in phrases if phrase.spelled)
    return len(words) - explained
