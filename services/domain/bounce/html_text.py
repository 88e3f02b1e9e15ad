"""The words of an HTML text, with a line break wherever a browser would make one, and where its source has one."""

from html.parser import HTMLParser

_BREAKS = frozenset(
    {
        *(
            "address",
            "blockquote",
            "br",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "h1",
            "h2",
            "h3",
            "h4",
            "hr",
            "li",
            "ol",
            "p",
        ),
        *("pre", "section", "table", "tbody", "td", "th", "title", "tr", "ul"),
    }
)
_SILENT = frozenset(("script", "style"))
_STARTS = ("<html", "<body", "<p>", "<p ", "<br", "<div", "<td", "<table", "<span", "<font", "<pre")
_NAME_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:"
_AFTER_NAME = (">", " ", "/", "\n", "\t")
_TAGS_AT_MOST = 4_000


def looks_like_html(text: str) -> bool:
    """Whether the text has at least two tags of the kind that mails have."""
    lowered = text.lower()
    return sum(min(lowered.count(start), 2) for start in _STARTS) >= 2


def text_of_html(html: str) -> str:
    """The text of the HTML; the addresses of its links stand in angle brackets behind their words.

    The parser would look for the end of a comment or a tag again and again: those without are made text first."""
    first, *others = html.split("<!--")
    html = first + "".join(other.partition("-->")[2] for other in others)
    pieces = html.split("<")
    tags = pieces[1 : _TAGS_AT_MOST + 1]
    parser = _Parser()
    parser.feed(pieces[0] + "".join(f"<{tag}" if _is_tag(tag) else f"&lt;{tag}" for tag in tags))
    parser.close()
    return "".join(parser.parts)


def _is_tag(piece: str) -> bool:
    """Whether what stands behind a `<` is a tag, and not an address in angle brackets."""
    name = piece[1:] if piece[:1] == "/" else piece
    letters = len(name) - len(name.lstrip(_NAME_LETTERS))
    return 0 < letters < 20 and name[letters : letters + 1] in _AFTER_NAME and ">" in piece


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self.parts += ["\n"] if tag in _BREAKS else []
        if tag == "a":
            self._link = next((value for name, value in attrs if name == "href" and value), "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self.parts += ["\n"] if tag in _BREAKS else []
        if tag == "a" and self._link:
            self.parts.append(f" <{self._link}> ")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
