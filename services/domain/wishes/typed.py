"""What stands around a typed command and is no part of it, and what makes it less than a command."""

import re

from services.domain.wishes.hesitating import hesitates

_OPENING = "\"'“”„«»‘’‚‹›`´「『"
_CLOSING = "\"'“”«»‘’‹›`´」』"
QUOTE = rf"[{_OPENING}{_CLOSING}]"
"""A quotation mark of any kind, as a pattern."""
_MORE_CASES = re.compile(r"(?i)(?:[\s,;&+/#.?!–-]|\d|\b(?:and|or|und|oder|case|cases|approve|deny|stop)\b)++")
_AND_ANOTHER = re.compile(
    r"(?i)(?:[&+/]|(?:and|or|und|oder|et|ou|y|o|e|en|of)\b)\s*+#?\d{1,9}+(?![\w.:])|#?\d{1,9}+\s*+[:,;&+](?!\d)"
)
_QUESTION_MARKS = "?؟？¿"


def unquoted(text: str) -> str:
    """The text without the quotation marks around it, of whatever kind, as long as they stand around all of it."""
    text = text.strip()
    while len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING:
        inner = text[1:-1]
        if any(mark in inner for mark in (text[0], text[-1])):
            return text  # "a" and "b": two quotations, and not one around both
        text = inner.strip()
    return text


def names_more_cases(text: str) -> bool:
    """Whether what follows the number of a case is nothing but more numbers, or begins with another one:
    `approve 17 18`, `deny 17 and 18: reason`, or on a line of its own `stop 18`."""
    is_a_number = any(map(str.isdigit, text)) and _MORE_CASES.fullmatch(text) is not None
    return is_a_number or _AND_ANOTHER.match(text) is not None


def is_in_doubt(verb: str, text: str) -> bool:
    """Whether a command asks or hesitates rather than decides: `approve 17?`, `approve 17 if she calls`, `deny 17 ?`.

    A reason of a denial may be a question of its own; only what gives a mailbox back is held to be said plainly."""
    if text and not text.strip(f"{_QUESTION_MARKS}!. "):
        return any(mark in text for mark in _QUESTION_MARKS)
    return verb == "approve" and (text.endswith(tuple(_QUESTION_MARKS)) or hesitates(text))
