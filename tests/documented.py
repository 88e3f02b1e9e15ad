"""The commands that the documents give: every line of a block of shell, and every command within a sentence."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md")))
SHELL = "sh"
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\||\s*[-*] |\s*\d+\. )")
_WITHIN = re.compile(r"`([^`]+)`")
_PROGRAMS = (
    *("make", "python", ".venv/bin/python", "pip", "docker", "az", "npx", "git", "sqlite3", "pg_dump"),
    *("pg_restore", "systemctl", "curl", "cd"),
)
_COMMAND = re.compile(rf"(?:[A-Z_]+=\S+ )*(?:{'|'.join(map(re.escape, _PROGRAMS))}) .+")
_COMMENT = re.compile(r"\s+#.*")


def blocks(document: Path) -> Iterator[tuple[str, str]]:
    """The language of each block, and what is in it."""
    for found in _FENCE.finditer(document.read_text(encoding="utf-8")):
        yield found[1], found[2]


def commands() -> Mapping[str, set[str]]:
    """The documents that give each command, without the comment behind it."""
    found: dict[str, set[str]] = {}
    for document in DOCUMENTS:
        lines = [line for language, block in blocks(document) if language == SHELL for line in block.splitlines()]
        within = (text for paragraph in paragraphs(document) for text in _WITHIN.findall(" ".join(paragraph.split())))
        for command in (*filter(str.strip, lines), *filter(_COMMAND.fullmatch, within)):
            found.setdefault(" ".join(_COMMENT.sub("", command).split()), set()).add(document.name)
    return found


def paragraphs(document: Path) -> list[str]:
    """What stands around the blocks, with each item of a list and each row of a table by itself."""
    return _PARAGRAPH.split(_FENCE.sub("", document.read_text(encoding="utf-8")))
