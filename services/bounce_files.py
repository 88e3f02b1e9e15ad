"""`python app.py bounces FOLDER`: what each bounce in a folder means, one line a file, for scripts and help desks."""

import sys
from collections.abc import Iterator
from pathlib import Path

from services.domain.bounce.bounce import Bounce, Meaning, read_bounce
from services.domain.bounce.cause import Fixer
from services.domain.bounce.file_text import SAVED_MAILS, NoMsgError, text_of_file
from services.domain.bounce.whose import Whose, whose

_KINDS = tuple(f".{kind}" for kind in SAVED_MAILS)
_BYTES_AT_MOST = 32_000_000
_NONE = "no_bounce"
"""The cause of a file that holds no bounce."""


def run(folder: Path) -> int:
    """Print the lines of a folder. Returns 0, or 2 if there is no such folder."""
    if not folder.is_dir():
        sys.stderr.write(f"There is no folder {folder}.\n")
        return 2
    for line in lines_of(folder):
        sys.stdout.write(f"{line}\n")
    return 0


def lines_of(folder: Path) -> Iterator[str]:
    """Yields a line for each .eml, .msg and .txt file, in the order of their names: name, enhanced status code (`-`
    for none), cause, who can fix it, and whether the bounce proves that its sender is restricted, with tabs between."""
    files = (path for path in folder.rglob("*") if path.suffix.lower() in _KINDS and path.is_file())
    for name, path in sorted((str(path.relative_to(folder)), path) for path in files):
        shown = "".join(char if char.isprintable() else "?" for char in name)
        yield "\t".join((shown, *_columns(read_bounce(_text_of(path)))))


def _columns(bounce: Bounce | None) -> tuple[str, str, str, str]:
    if bounce is None:
        return "-", _NONE, Fixer.UNCLEAR, "no"
    code, cause = bounce.code or "-", bounce.cause.name
    if whose(bounce, bounce.holders) is Whose.INCOMING:
        return code, cause, Fixer.SENDER_SIDE_ADMIN_ELSEWHERE, "no"
    proven = any(trouble.cause.meaning is Meaning.RESTRICTED_SENDER for trouble in bounce.troubles)
    return code, cause, bounce.cause.fixer, "yes" if proven else "no"


def _text_of(path: Path) -> str:
    """The text of a file in whatever encoding it is; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_BYTES_AT_MOST)
        return text_of_file(content, path.suffix.lower().removeprefix("."))
    except (OSError, NoMsgError) as trouble:
        sys.stderr.write(f"{path.name} cannot be read: {trouble}\n")
        return ""
