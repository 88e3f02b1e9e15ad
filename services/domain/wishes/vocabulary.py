"""Finding the phrases of a language in a text: at each word the longest one that begins there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType

from services.domain.wishes.ideas import Idea
from services.domain.wishes.normal import tokens
from services.domain.wishes.words import ar, common, de, en, es, fr, it, ja, nl, pt

_STEM_AT_LEAST, _STEM_AT_MOST = 1, 20
_TYPO_FROM = 5
"""Shorter words are too much alike to be read with a slip in them."""
_TAKEN_AT_THEIR_WORD = frozenset(
    {Idea.SMALL, Idea.NOT, Idea.NO_LONGER, Idea.STILL, Idea.WORKS, Idea.NOW, Idea.YES, Idea.WHEN, Idea.WHO}
)
"""A slip among these would turn the meaning round."""


@dataclass(slots=True)
class _Node:
    """Where a phrase stands after some of its words. `after` has a `*` at the end of a stem."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    ideas: tuple[Idea, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A phrase in a text: its ideas (a phrase can have several), its place, and whether it was spelled as in the
    table."""

    ideas: tuple[Idea, ...]
    begin: int
    end: int
    spelled: bool = True


class Vocabulary:
    """The phrases of one language, with those that all languages share."""

    def __init__(self, language: str, *tables: Mapping[Idea, str]) -> None:
        self.language = language
        self._root = _Node()
        self._meant: dict[str, str] = {}
        for idea, phrase in ((idea, part) for table in tables for idea, text in table.items() for part in _parts(text)):
            self._add(phrase, idea)
        self._slips = {slip: word for word in self._meant for slip in _slips(word.rstrip("*"))}

    def _add(self, phrase: str, idea: Idea) -> None:
        node, words = self._root, _words(phrase)
        for word in words:
            node = node.after.setdefault(word, _Node())
        node.ideas = tuple(dict.fromkeys((*node.ideas, idea)))
        if idea not in _TAKEN_AT_THEIR_WORD and len(words) == 1 and len(words[0]) >= _TYPO_FROM and words[0].isascii():
            self._meant[words[0]] = words[0]

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yields the phrases in these words, from left to right; none begins within another."""
        at = 0
        while at < len(words):
            length, ideas = self._longest(words, at)
            spelled = bool(length)
            if not length and (meant := self._meant_by(words[at])):
                length, ideas = 1, meant
            if length:
                yield Found(ideas=ideas, begin=at, end=at + length, spelled=spelled)
            at += length or 1

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, tuple[Idea, ...]]:
        """How many words the longest phrase has that begins there, and its ideas; of two, the one that says more of the
        words' letters."""
        best, ideas = (0, 0), tuple[Idea, ...]()
        waiting = [(self._root, at, 0)]
        while waiting:
            node, here, letters = waiting.pop()
            if node.ideas and (here - at, letters) > best:
                best, ideas = (here - at, letters), node.ideas
            if here < len(words):
                found = ((key, node.after[key]) for key in _keys(words[here]) if key in node.after)
                waiting += [(after, here + 1, letters + len(key.rstrip("*"))) for key, after in found]
        return best[0], ideas

    def _meant_by(self, word: str) -> tuple[Idea, ...]:
        """The ideas of a word with one letter too few, too many, another one, or two in the wrong order."""
        if len(word) < _TYPO_FROM or not word.isascii() or not word.isalpha():
            return ()
        for slip in (word, *_without_one(word)):
            if (known := self._slips.get(slip)) and abs(len(known.rstrip("*")) - len(word)) <= 1:
                return self._root.after[known].ideas
        return ()


def _parts(text: str) -> Iterator[str]:
    return (part for part in text.replace("、", ",").split(",") if part.strip())


def _words(phrase: str) -> list[str]:
    """The words of a phrase of a table, as `tokens` makes them, with the `*` of a stem."""
    found: list[str] = []
    for part in phrase.split():
        if part == "*":
            found.append("*")
            continue
        made = tokens(part.rstrip("*"))
        found += [*made[:-1], made[-1] + "*"] if part.endswith("*") else made
    return found


@lru_cache(maxsize=4_096)
def _keys(word: str) -> tuple[str, ...]:
    """What a word may stand as in a table: the same in each language."""
    stems = (word[:length] + "*" for length in range(_STEM_AT_LEAST, min(len(word), _STEM_AT_MOST) + 1))
    return (word, *stems, "*")


def _without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _slips(word: str) -> tuple[str, ...]:
    return (word, *_without_one(word))


_LANGUAGES: tuple[tuple[str, ModuleType], ...] = (
    *(("en", en), ("de", de), ("fr", fr), ("es", es), ("pt", pt), ("it", it), ("nl", nl), ("ja", ja), ("ar", ar)),
)
VOCABULARIES = tuple(Vocabulary(name, module.WORDS, common.WORDS) for name, module in _LANGUAGES)
