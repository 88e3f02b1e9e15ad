"""Pasted text as plain lines: whatever it was wrapped, quoted, encoded or drawn in."""

import quopri
import unicodedata
from functools import cache

from services.domain.bounce.html_text import looks_like_html, text_of_html

READ_AT_MOST = 65_536
"""Characters of a text that are read."""

_QUOTES = {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}  # fmt: skip
_DASHES = "‐‑‒–—−"
_PLAIN = {**_QUOTES, **dict.fromkeys(_DASHES, "-"), "。": ".", "．": ".", "｡": "."}


def clean(text: str) -> str:
    """The text with plain letters, digits and quotes, without invisible characters, transfer encoding and HTML."""
    text = text[:READ_AT_MOST].replace("\r\n", "\n").replace("\r", "\n")
    if "=\n" in text:  # soft line breaks: the source of a mail was pasted
        text = "=\n".join(map(_without_marks, text.split("=\n")))
        text = quopri.decodestring(text.encode()).decode(errors="replace")
    if looks_like_html(text):
        text = text_of_html(text)
    # A text copied from a program's log has the line breaks as two characters.
    text = text.replace("\\r\\n", "\n").replace("\\n", "\n")
    return "".join(map(_plain, unicodedata.normalize("NFKC", text)[: 2 * READ_AT_MOST]))


def one_line(text: str) -> str:
    """The text with all white space reduced to single blanks."""
    return " ".join(text.split())


def unquoted(line: str) -> tuple[str, bool]:
    """A line without the marks of quoting, and whether it continues the line before (it is indented)."""
    bare = line.lstrip(" \t>|")
    front = line[: len(line) - len(bare)]
    quoting, mark, indent = front.rpartition(">")
    return bare.rstrip(), len(indent) > len(mark) or (not quoting and not mark and bool(indent))


def _without_marks(line: str) -> str:
    """A line behind a soft break: marks of quoting are no part of the word that it breaks."""
    bare = line.lstrip(" \t>")
    return bare if ">" in line[: len(line) - len(bare)] else line


@cache
def _plain(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if char.isascii():
        return char if char.isprintable() or char in "\n\t" else " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char.isspace():
        return "\n" if char in "\u2028\u2029\x85" else " "
    invisible = unicodedata.category(char) in ("Cf", "Cc") or "\ufe00" <= char <= "\ufe0f"
    return "" if invisible else char
