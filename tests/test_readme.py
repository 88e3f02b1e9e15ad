"""The README and the documents match the code."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from services.setting_names import as_markdown
from tests.diagram import state_diagram
from tests.exchange_recipe import recipe
from tests.metrics_table import metrics_table

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DRAWN: Mapping[str, tuple[str, Callable[[], str]]] = {
    # what, in which document, by what
    "state diagram": ("how-it-decides.md", state_diagram),
    "exchange roles": ("by-hand.md", recipe),
    "settings": ("settings.md", as_markdown),
    "metrics": ("operate.md", metrics_table),
}


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_from_a_table_is_that_table(name: str) -> None:
    file, draw = DRAWN[name]
    document = ROOT / "docs" / file
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = document.read_text(encoding="utf-8").split(begin)
    drawn, after = rest.split(end)
    if os.environ.get("SENDWELL_REDRAW"):
        document.write_text(f"{before}{begin}{draw()}\n{end}{after}", encoding="utf-8")
        return
    assert drawn == f"{draw()}\n", "run the tests with SENDWELL_REDRAW=1"


def test_the_front_door_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("document", [README, *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name)
def test_whatever_a_document_leads_to_is_there(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[\w-]+)?\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))


def anchors(document: Path) -> set[str]:
    """As GitHub makes them of a document's headings."""
    found = re.findall(r"^#{1,6} (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("document", [README, *DOCUMENTS], ids=lambda path: path.name)
def test_whatever_heading_a_document_leads_to_is_there(document: Path) -> None:
    for file, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([\w-]+)\)", document.read_text(encoding="utf-8")):
        assert anchor in anchors(document.parent / file if file else document), f"{file}#{anchor}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_begins_with_whom_it_is_for_and_what_they_can_do_with_it(document: Path) -> None:
    heading, blank, first, *_ = document.read_text(encoding="utf-8").splitlines()
    assert heading.startswith("# ")
    assert not blank
    assert first.startswith("For "), "its third line says for whom it is"


def test_get_started_calls_everything_as_the_page_and_the_cards_do() -> None:
    text = (ROOT / "docs" / "get-started.md").read_text(encoding="utf-8")
    page = ROOT / "sandbox" / "page"
    shown = "".join(file.read_text(encoding="utf-8") for file in (*page.glob("*.html"), *page.glob("*.js")))
    shown += (ROOT / "cards/words/en/LC_MESSAGES/sendwell.po").read_text(encoding="utf-8")
    steps = re.findall(r"^\d\. \*\*([^*]+?)\.?\*\*", text, re.MULTILINE)
    pressed = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)
    assert len(steps) == 6
    assert len(pressed) > 8
    assert [step for step in steps if f'title: "{step}"' not in shown] == []
    assert [name for name in pressed if not re.search(rf"[\">]{re.escape(name)}[\"< ]", shown)] == []
