"""The words of a message as its HTML has them. In a 1:1 chat Teams takes everything in angle brackets out of a
message's text, `Ana <ana@contoso.example>` and `<bounce.example #5.1.8>` alike; the attached HTML keeps it."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

_HTML_AT_MOST = 100_000
"""Characters; about what a message of Teams can hold. Longer HTML is not read."""
_ATTACHMENTS_AT_MOST = 10
_BREAKS = frozenset(
    {
        *("address", "blockquote", "br", "codeblock", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
_CELLS = frozenset(("td", "th"))
_NO_WORDS = frozenset(("script", "style", "title"))
_DECLARATION = re.compile(r"<[!?][^<>]*+>")
_NO_TAG = re.compile(r"<(?![A-Za-z/])")
_EMPTY_LINES = re.compile(r"\n{3,}+")
_BLANKS = re.compile(r"[ \t\r\n\f]++")
_MENTION = "http://schema.skype.com/Mention"


def words_with_brackets(activity: Mapping[str, Any], text: str) -> str:
    """The words in the attached HTML, where they say the same as `text` and have brackets that it lost; else `text`."""
    for html in _attached(activity):
        words = _words(html)
        if words.count("<") > text.count("<") and _says(words, text):
            return words
    return text


def _attached(activity: Mapping[str, Any]) -> Iterator[str]:
    attachments = activity.get("attachments")
    for item in attachments[:_ATTACHMENTS_AT_MOST] if isinstance(attachments, list) else ():
        content = item.get("content") if isinstance(item, dict) and item.get("contentType") == "text/html" else None
        if isinstance(content, str) and len(content) <= _HTML_AT_MOST:
            yield content


def _says(words: str, text: str) -> bool:
    """Whether all letters and digits of the text stand in the words, in the same order."""
    letters = iter(words)
    return all(char in letters for char in text if char.isalnum())


def _words(html: str) -> str:
    first, *more = html.split("<!--")
    html = first + "".join(part.partition("-->")[2] for part in more)  # without its comments
    # What is no tag is made text, and so is a tag that never ends: the parser would look for its end again and again.
    end = html.rfind(">") + 1
    tags = _NO_TAG.sub("&lt;", _DECLARATION.sub("", html[:end]))
    parser = _Parser()
    parser.feed(tags + html[end:].replace("<", "&lt;"))
    parser.close()
    return parser.words()


class _Parser(HTMLParser):
    """Collects text. Elements are forgotten but for where they break a line, or mention somebody."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._verbatim = 0
        self._silent = 0
        self._spans_in_mention = 0

    def words(self) -> str:
        """The text, without the blanks at the ends of its lines, and without more than one empty line."""
        lines = [line.strip() for line in "".join(self._parts).split("\n")]
        return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        self._parts += [" "] if tag in _CELLS else []
        self._verbatim += tag == "pre"
        self._silent += tag in _NO_WORDS
        if tag == "span" and self._spans_in_mention:
            self._spans_in_mention += 1
        elif tag == "span" and ("itemtype", _MENTION) in attrs:
            self._spans_in_mention = 1
        if tag == "at" or (tag == "span" and self._spans_in_mention == 1):
            self._parts.append("<at>")  # as the message's text has it

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # a browser takes no notice of the slash either

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        self._verbatim -= tag == "pre" and self._verbatim > 0
        self._silent -= tag in _NO_WORDS and self._silent > 0
        if tag == "at" or (tag == "span" and self._spans_in_mention == 1):
            self._parts.append("</at>")
        if tag == "span" and self._spans_in_mention:
            self._spans_in_mention -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # Outside of `<pre>` a line break of the HTML is a blank.
            self._parts.append(data if self._verbatim else _BLANKS.sub(" ", data))

    def _break(self, tag: str) -> None:
        if tag in _BREAKS:
            self._parts.append("\n")
