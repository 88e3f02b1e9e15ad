"""The document about bounces has the causes that the code knows."""

import os
from pathlib import Path

from services.bounce_files import lines_of
from services.domain.bounce.cause import Fixer
from tests.causes_table import causes_table

DOCUMENT = Path(__file__).parents[1] / "docs" / "bounces.md"
BEGIN, END = "<!-- causes: begin -->\n", "<!-- causes: end -->"


def test_the_table_of_causes_is_the_one_the_code_looks_bounces_up_in() -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    drawn, _, after = rest.partition(END)
    if os.environ.get("SENDWELL_REDRAW"):
        DOCUMENT.write_text(f"{before}{BEGIN}{causes_table()}\n{END}{after}", encoding="utf-8")
        drawn = f"{causes_table()}\n"
    assert drawn == f"{causes_table()}\n", "run the tests with SENDWELL_REDRAW=1"


def test_every_word_for_who_can_fix_it_is_explained() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0]
    assert [word for word in Fixer if f"| `{word}` |" not in text] == []


def test_the_example_is_what_the_command_prints(tmp_path: Path) -> None:
    _, _, example = DOCUMENT.read_text(encoding="utf-8").partition("```text\n550 ")
    said, _, rest = example.partition("\n```\n")
    printed = rest.partition("```text\n")[2].partition("\n```")[0]
    (tmp_path / "ana.txt").write_text(f"550 {said}", encoding="utf-8")
    assert list(lines_of(tmp_path)) == ["\t".join(printed.split())]
