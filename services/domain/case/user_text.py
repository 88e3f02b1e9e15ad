"""Texts that people write, checked for length."""

from services.domain.case.transition import Refusal, Refused

TEXT_AT_MOST = 1_000
"""The most characters of a note, a reason or a reply."""


def checked_text(text: str) -> str:
    """The text without outer blanks.

    Raises:
        Refused: `TOO_LONG`. The text is not shortened: half a reason may say the opposite.
    """
    text = text.strip()
    if len(text) > TEXT_AT_MOST:
        raise Refused(Refusal.TOO_LONG)
    return text
