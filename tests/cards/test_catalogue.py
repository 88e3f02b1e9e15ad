"""The catalogues are read as Babel reads them, which translators' tools are made for."""

import io
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import cards.words
from cards.words import languages
from cards.words.catalogue import Catalogue


def _as_babel_reads(text: str, language: str) -> tuple[list[str], GNUTranslations]:
    read, compiled = read_po(io.StringIO(text), locale=language), io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return [str(one.id[0] if one.pluralizable else one.id) for one in read if one.id], GNUTranslations(compiled)


def _are_read_alike(text: str, language: str) -> None:
    ours, (names, babels) = Catalogue(text), _as_babel_reads(text, language)
    assert names
    for name in names:
        assert ours.gettext(name) == babels.gettext(name)
        assert [ours.ngettext(name, name, n) for n in range(8)] == [babels.ngettext(name, name, n) for n in range(8)]


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_read_as_babel_reads_it(language: str) -> None:
    file = Path(cards.words.__file__).parent / language / "LC_MESSAGES" / "sendwell.po"
    _are_read_alike(file.read_text(encoding="utf-8"), language)


HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);\\n"\n\n'
)


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "a"\nmsgstr "x\\ty\\n\\"z\\" \\\\ ä „ü“"\n',
        'msgid "a"\nmsgstr ""\n"over "\n"two lines"\n',
        'msgid "a"\nmsgid_plural "a"\nmsgstr[0] "{n} den"\nmsgstr[1] "{n} dny"\nmsgstr[2] "{n} dní"\n',
        '# for translators\n#: somewhere.py:7\nmsgid "a"\nmsgstr "x"\n\n#~ msgid "gone"\n#~ msgstr "y"\n',
        'msgid "a"\nmsgstr ""\n',
    ],
)
def test_what_a_file_may_hold_is_read_as_babel_reads_it(entry: str) -> None:
    _are_read_alike(HEAD + entry, "cs")
