"""Which mailbox somebody means by the addresses in their words, in any order of words."""

import re

from services.domain.wishes.ideas import Idea
from services.domain.wishes.normal import tokens
from services.domain.wishes.reading import Reading
from services.domain.wishes.vocabulary import VOCABULARIES, Vocabulary

_IN_NONE = r"\s<>\"'“”„«»‘’‚‹›(),;:@"
ADDRESS = rf"(?:mailto:)?<?([^{_IN_NONE}]{{1,64}}+@[^{_IN_NONE}]{{1,255}}\.[^{_IN_NONE}.?!]{{2,63}}+)>?"
_STAND_IN = "addr"
# An address in the middle of Japanese or Chinese has no blanks around it.
_ANYWHERE = re.compile(
    r"(?:mailto:)?<?(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+'-]{1,64}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+){1,8}+)>?"
)
_READ_AT_MOST = 400
"""Characters; a pasted bounce is longer, and full of addresses."""
_NOBODYS = ("mailer-daemon@", "postmaster@", "microsoftexchange", "noreply@", "no-reply@")
"""Who sends bounces: nobody's mailbox."""


def without_addresses(text: str) -> str:
    """The text with one and the same word for each address."""
    return _ANYWHERE.sub(f" {_STAND_IN} ", text)


def mailbox_in(line: str, reading: Reading, *, bounced: bool) -> str:
    """The address whose mailbox is meant; empty where none is, or it cannot be told which. One that something is sent
    to is not meant, and beside the words of a bounce only one that is said to send."""
    if len(line) > _READ_AT_MOST or Idea.RECEIVE in reading.ideas:
        return ""
    addresses = [found[1].casefold() for found in _ANYWHERE.finditer(line)]
    vocabulary = next(one for one in VOCABULARIES if one.language == reading.language)
    marks = _marks(tokens(without_addresses(line)), vocabulary)
    marked = [(one, mark) for one, mark in zip(addresses, marks, strict=False) if not one.startswith(_NOBODYS)]
    senders = dict.fromkeys(one for one, mark in marked if mark is Idea.FROM)
    if not senders and not bounced:
        senders = dict.fromkeys(one for one, mark in marked if mark is None)
    return next(iter(senders)) if len(senders) == 1 else ""


def _marks(words: list[str], vocabulary: Vocabulary) -> list[Idea | None]:
    """For each address whether it sends or receives, by the word before it; in Japanese, by the word behind it."""
    step = 1 if vocabulary.language == "ja" else -1
    marks: list[Idea | None] = []
    for at, word in enumerate(words):
        if word == _STAND_IN:
            near = words[at + step : at + step + 2] if step > 0 else words[max(at - 1, 0) : at]
            ideas = {idea for phrase in vocabulary.find(near) if phrase.begin == 0 for idea in phrase.ideas}
            marks.append(Idea.TO if Idea.TO in ideas else Idea.FROM if {Idea.FROM, Idea.MAILBOX} & ideas else None)
    return marks
