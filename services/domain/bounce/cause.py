"""One row of the table: a cause, by which codes and words it is recognised, and who can put it right."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from services.domain.bounce.meaning import Meaning


class Fixer(StrEnum):
    """Who can put it right."""

    YOU = "you"
    YOUR_ADMIN = "your-admin"
    MICROSOFT = "microsoft"
    RECIPIENT = "recipient"
    SENDER_SIDE_ADMIN_ELSEWHERE = "sender-side-admin-elsewhere"
    WAIT = "wait"
    UNCLEAR = "unclear"


class Weight(IntEnum):
    """How much a row's signs say. Rows that say more are tried first."""

    CODE_AND_WORDS = 0
    CODE = 1
    """One code has one meaning."""
    SENTENCE = 2
    """A sentence of Microsoft's, or a name that only its servers use: enough without any code."""
    HINT = 3
    """A sentence that stands in bounces of more than one cause."""
    FOREIGN_WORDS = 4
    """Words that people write too: they count only beside a code, or where a delivery is said to have failed."""
    ROUGH_CODE = 5
    """A code that servers use for whatever has no code of its own: it gives way to any better sign."""
    BROAD_WORDS = 6
    """Words that say little: they count only in a server's answer."""
    CLASS = 7
    """Recognised by nothing: what is said of a code that no other row has."""


Phrase = tuple[str, ...]
"""Pieces that must stand in this order, case-folded. Plain pieces, no patterns: looking for them is linear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why mail came back. `bounce.NAME.means` and `bounce.NAME.next` are its sentences."""

    name: str
    """Stable: scripts read it, and the catalogue's keys are made of it."""
    meaning: Meaning
    fixer: Fixer
    codes: frozenset[str] = frozenset()
    says: tuple[Phrase, ...] = ()
    """Any of them."""
    weight: Weight
    source: str

    def is_said_in(self, words: str) -> bool:
        """Whether one of its phrases stands in these case-folded words; true for a cause without phrases."""
        return not self.says or any(_stands_in(phrase, words) for phrase in self.says)


def cause(
    name: str,
    meaning: Meaning,
    fixer: Fixer,
    *,
    source: str,
    codes: str = "",
    says: tuple[str, ...] = (),
    weight: Weight | None = None,
) -> Cause:
    """A row as the table writes it: `codes="5.7.13 5.7.606-649"`, a phrase with gaps as `"one … other"`."""
    plain = Weight.CODE_AND_WORDS if codes and says else Weight.CODE
    return Cause(
        name=name,
        meaning=meaning,
        fixer=fixer,
        codes=frozenset(one for some in codes.split() for one in _spelled_out(some)),
        says=tuple(tuple(piece.strip() for piece in phrase.split("…")) for phrase in says),
        weight=plain if weight is None else weight,
        source=source,
    )


def _spelled_out(codes: str) -> Iterator[str]:
    """`5.7.606-649` as each of its codes."""
    front, _, detail = codes.rpartition(".")
    first, _, last = detail.partition("-")
    return (f"{front}.{number}" for number in range(int(first), int(last or first) + 1))


def _stands_in(phrase: Phrase, words: str) -> bool:
    at = 0
    for piece in phrase:
        found = words.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True
