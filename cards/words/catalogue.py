"""The sentences of one language, out of its .po file.

Babel's reader also keeps what a translator's tools need, and takes four times as long: at each start, and on the event
loop when the first person of another language writes.
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html"""

import gettext
import json
import re
from collections.abc import Iterator

_LINE = re.compile(r'^(?:(msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?(".*")$', re.MULTILINE)
_PLURAL = re.compile(r"plural=([^;\n]+)")


class Catalogue(gettext.NullTranslations):
    """Sentences by their names and, where they have any, their plural forms. Of one that is not translated the name is
    returned."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._sentences = {(name, form): sentence for name, form, sentence in _entries(text) if sentence}
        (rule,) = _PLURAL.findall(self._sentences.pop(("", "")))
        self._form = gettext.c2py(rule)

    def gettext(self, message: str) -> str:
        return self._sentences.get((message, "")) or self.ngettext(message, message, 1)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._sentences.get((msgid1, str(self._form(n))), msgid1 if n == 1 else msgid2)


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Name, number of the plural form if it is one, and sentence of each; what has no name is the file's own head."""
    name = ""
    for keyword, form, said in _joined(text):
        if keyword == "msgid":
            name = said
        elif keyword == "msgstr":
            yield name, form, said


def _joined(text: str) -> Iterator[tuple[str, str, str]]:
    """A text may go on in further lines."""
    keyword, form, parts = "", "", list[str]()
    for begun, number, quoted in _LINE.findall(text):
        if begun:
            yield keyword, form, "".join(parts)
            keyword, form, parts = begun, number, []
        parts.append(json.loads(quoted))  # the signs that a .po file writes with a backslash are JSON's, too
    yield keyword, form, "".join(parts)
