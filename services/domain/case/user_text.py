"""People's words, kept within bounds."""

from services.domain.case.transition import Refusal, Refused

TEXT_AT_MOST = 1_000
"""Characters of any one thing a person writes: a note, a reason, a reply."""


def checked_text(words: str) -> str:
    """The words without outer blanks.

    Raises:
        RefusedMove: `TOO_LONG`. Nothing is cut: half a reason may say the opposite.
    """
    words = words.strip()
    if len(words) > TEXT_AT_MOST:
        raise Refused(Refusal.TOO_LONG)
    return words
