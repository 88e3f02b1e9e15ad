"""Enhanced status codes in a text: only those that stand beside the words of a server, or alone in a short message.

Versions, addresses, dates and section numbers have the same shape, so that a bare number in a long text is none."""

import re
from dataclasses import dataclass
from itertools import islice

# No pattern here repeats without bound, so that each costs a constant at every place of a text.
_CODE = re.compile(
    r"(?<![0-9A-Za-z.@/_])([45])([.,])([0-9]{1,3})\2([0-9]{1,3})(?![0-9])(?![.,/][0-9])(?![-_+]?[A-Za-z]{1,5}[.-]?[0-9])(?![-_+][A-Za-z])"
)
_REPLY_BEFORE = re.compile(r"(?<![0-9.])([245][0-5][0-9])[ ;:#,'\"<>()\[\]-]{1,4}\Z")
_WORDS_BEFORE = (
    *("status", "code", "codes", "código", "codice", "error", "errors", "erreur", "errore", "erro", "fehler", "fout"),
    *("meldung", "nummer", "antwort", "returned", "returns", "said", "says", "reply", "response", "smtp", "dsn", "ndr"),
    *("bounce", "diagnostic", "エラー", "コード"),
)
_BETWEEN = " ;:#,='\"<>()[]-"
_REPLY = re.compile(r"(?<![0-9A-Za-z.,/@:])([45][0-5][0-9])(?=[ :-][^0-9\s]|: [^0-9\s]|[ ;:-] ?[45]\.[0-9])")
_ANSWERING = re.compile(r"(?:\A|['\"(<;:]|\.\.\.|returned|said|error|code|smtp|#) {0,2}\Z", re.IGNORECASE)
_BEFORE = 40
_CODES_AT_MOST = 500
_SHORT = 300
"""Characters: up to this length a message is somebody's own words, in which a bare code is meant as one."""
_NO_CODE_AFTER = frozenset(
    {
        *("version", "ver", "vers", "v", "release", "build", "firmware", "ios", "android", "macos", "windows", "linux"),
        *(
            "outlook",
            "exchange",
            "office",
            "thunderbird",
            "update",
            "rfc",
            "section",
            "abschnitt",
            "kapitel",
            "chapter",
        ),
        *(
            "am",
            "on",
            "vom",
            "seit",
            "since",
            "le",
            "el",
            "il",
            "den",
            "bis",
            "ab",
            "from",
            "op",
            "dal",
            "desde",
            "depuis",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The codes of a text in their order, and the SMTP replies in front of words."""

    codes: tuple[str, ...]
    """Those beside the words of a server."""
    bare: tuple[str, ...]
    """Those that stand alone: they are meant as codes where there is no other."""
    replies: tuple[str, ...]
    answered: bool
    """Whether one of the replies stands where a server's answer does: at the beginning, in quotes, behind a colon."""


def codes_in(words: str) -> Found:
    """`words` is one line with its capital letters."""
    codes: list[str] = []
    bare: list[str] = []
    for match in islice(_CODE.finditer(words), _CODES_AT_MOST):
        before = words[max(0, match.start() - _BEFORE) : match.start()]
        code = f"{match[1]}.{int(match[3])}.{int(match[4])}"
        if _is_beside_a_servers_words(before) or words.startswith("AS(", match.end()):
            codes.append(code)
        elif match[2] == "." and len(words) <= _SHORT and not _is_something_else(match, before):
            bare.append(code)
    replies = list(islice(_REPLY.finditer(words), _CODES_AT_MOST))
    return Found(
        codes=tuple(dict.fromkeys(codes)),
        bare=tuple(dict.fromkeys(bare)),
        replies=tuple(match[1] for match in replies),
        answered=any(_ANSWERING.search(words[max(0, match.start() - _BEFORE) : match.start()]) for match in replies),
    )


def _is_beside_a_servers_words(before: str) -> bool:
    last = before.rstrip(_BETWEEN)
    between = before[len(last) :]
    return bool(_REPLY_BEFORE.search(before)) or "#" in between or last.casefold().endswith(_WORDS_BEFORE)


def _is_something_else(match: re.Match[str], before: str) -> bool:
    """Whether a bare number is rather a version, a date or a product's."""
    tokens = before.split()
    last = tokens[-1].strip(".,;:()'\"") if tokens else ""
    if last.casefold() in _NO_CODE_AFTER:
        return True
    named = any(char.isupper() for char in last[1:]) and not last.isupper()  # QuickSend 5.1.8
    day_month_year = int(match[3]) in range(1, 13) and match[4][:1] in "23" and len(match[4]) == 2
    return named or (day_month_year and match[3] != "7")
