"""Words without what does not tell them apart: case, accents, forms of Arabic letters, invisible signs."""

import unicodedata
from functools import cache

READ_AT_MOST = 1_000
"""Characters of a text that are read for a wish: a wish stands at the beginning."""
_TOKEN_AT_MOST = 40
_ARABIC = {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": "", "گ": "ك", "ک": "ك", "ی": "ي"}
_ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال")
_LETTERS = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i"}
_JOINED = "'’‘ʼ`´"
_ELIDED = frozenset(
    ("l", "d", "j", "n", "m", "s", "c", "t", "qu", "un", "all", "dell", "dall", "nell", "sull", "quest")
)
QUESTION = "?"
GOOD_SIGNS = frozenset("👍👌🙏🆗❤♥😊🙂😀😃👏💪🎉✅")


def tokens(text: str) -> list[str]:
    """The words of a text in lower case and without accents; a sign of Japanese or Chinese is a word by itself, and so
    are a question mark and a thumb up. Work and length are bounded."""
    plain = unicodedata.normalize("NFKC", text[:READ_AT_MOST]).casefold()[: 2 * READ_AT_MOST]
    # Hamza and other marks that Arabic letters carry go with their composed letters, accents with the decomposed.
    letters = "".join(_ARABIC.get(char, char) for char in plain)
    found: list[str] = []
    word = ""
    for char in unicodedata.normalize("NFD", letters):
        kind = _kind(char)
        if kind == "letter":
            word += _LETTERS.get(char, char)
        elif kind == "joined":
            found, word = (found, word) if word not in _ELIDED else ([*found, word], "")
        elif kind != "none":
            if word:
                found.append(_bare(word))
            word = ""
            if kind == "alone":
                found.append(QUESTION if char in "?؟" else char)
    return [*found, _bare(word)] if word else found


@cache
def _kind(char: str) -> str:
    if char in _JOINED:
        return "joined"
    if char in "?؟" or char in GOOD_SIGNS or _stands_alone(char):
        return "alone"
    if char.isalnum() or char in "@+#":
        return "letter"
    return "none" if unicodedata.category(char) in ("Mn", "Cf", "Cc", "Me") and not char.isspace() else "between"


def _stands_alone(char: str) -> bool:
    """Japanese is written without blanks."""
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char == "々"


def _bare(word: str) -> str:
    """An Arabic word without the article and the conjunction written to it; any other as it is, not endlessly long."""
    if not "\u0600" <= word[0] <= "\u06ff":
        return word[:_TOKEN_AT_MOST]
    for article in _ARTICLES:
        if word.startswith(article) and len(word) > len(article) + 2:
            return _bare(word[len(article) :])
    return word[1:_TOKEN_AT_MOST] if word[0] == "و" and len(word) > 4 else word[:_TOKEN_AT_MOST]
