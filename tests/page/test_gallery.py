"""The gallery's cards for eyes and hands that are not everybody's: by keyboard, large, on a phone, in high contrast, in
the dark, and among letters that run from right to left."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from itertools import takewhile

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page

from cards.approver.approver_card import approver_card
from sandbox import Sandbox
from services.domain.card import Card
from services.domain.people import SignOff
from tests.cards.gallery import draw, drawn
from tests.cards.goldens import WHOLE
from tests.cards.pictures import pictures
from tests.cards.sample_cases import WAITING
from tests.cards.sample_view import VIEW
from tests.cards.spoken import spoken
from tests.cases import BO, NOW
from tests.page.test_accessible import violations_on

PICTURES = pictures()
CARDS = {name: PICTURES[name] for name in sorted(WHOLE)}
VARIED = {
    name: PICTURES[name]
    for name in (
        "approver-timeline",
        "approver-spam",
        "approver-contain-to-confirm",
        "approver-failed",
        "person-mailing",
    )
}
"""Every kind of element and field, every tint of a head, and both ways to lay out buttons."""
LUMA = "لمى خالد"

_UNFOLD = """() => { for (let again = 0; again < 3; again++)
  for (const button of document.querySelectorAll(".expandable:not(.expanded)")) button.click(); }"""
_TOO_WIDE = """() => [...document.querySelectorAll(".card")].flatMap(card => {
  const edge = Math.min(card.getBoundingClientRect().right, innerWidth) + 1;
  return [...card.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > edge)
    .map(one => card.parentElement.id + ": " + one.textContent.slice(0, 60)); })"""
_NAME = """() => { const one = document.activeElement;
  const ids = (one.getAttribute("aria-labelledby") ?? "").split(" ");
  const named = ids.map(id => document.getElementById(id)?.innerText ?? "");
  const name = named.join(" ").trim() || one.getAttribute("aria-label") || one.innerText;
  return one.tagName === "I" ? null : name.replace(/ \\*( |$)/, "$1").trim(); }"""
BETWEEN_MARKS = """() => {
  const marks = [-1, 0].map(tabIndex => Object.assign(document.createElement("i"), { tabIndex }));
  document.body.prepend(marks[0]); document.body.append(marks[1]); marks[0].focus(); }"""
_WITHOUT_EDGE = """() => [...document.querySelectorAll(
  ".ac-pushButton, .ac-textInput, .card .ac-adaptiveCard .ac-adaptiveCard, .ac-container[style*=background], .card")]
  .filter(one => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
  .map(one => one.className + ": " + one.textContent.slice(0, 60))"""
_LEFT_ENDS = """(words) => { for (const run of document.querySelectorAll(".card *"))
  for (const node of run.childNodes) {
  if (node.nodeType !== 3 || !node.data.includes(words[0])) continue;
  return words.map(word => {
    const range = document.createRange(), at = node.data.indexOf(word);
    range.setStart(node, at); range.setEnd(node, at + word.length);
    return range.getBoundingClientRect().left; }); } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page_of_all(tmp_path_factory: pytest.TempPathFactory, browser: BrowserContext) -> AsyncIterator[Page]:
    """One page for all of these tests."""
    async with Sandbox(data=tmp_path_factory.mktemp("gallery")) as box:
        page = await browser.new_page()
        await page.goto(box.page_url)
        yield page
        await page.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(page_of_all: Page) -> Page:
    """A page on which cards are drawn, with the usual colours, size and direction."""
    await page_of_all.emulate_media(forced_colors="none", color_scheme="light", reduced_motion="reduce")
    await page_of_all.evaluate("() => { document.documentElement.dir = document.documentElement.style.fontSize = ''; }")
    return page_of_all


async def unfolded(page: Page, cards: Mapping[str, Card], *, width: int = 640, theme: str = "light") -> None:
    await draw(page, cards, width=width, theme=theme)
    await page.evaluate(_UNFOLD)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_in_either_theme(page: Page, theme: str) -> None:
    await unfolded(page, VARIED, theme=theme)
    assert await violations_on(page) == []


async def test_in_high_contrast_buttons_and_fields_keep_their_edges(page: Page) -> None:
    """There the system chooses the colours, and a tint is none: what is known by its colour alone is not seen."""
    await page.emulate_media(forced_colors="active")
    await unfolded(page, VARIED)
    assert await page.evaluate(_WITHOUT_EDGE) == []


async def test_nothing_runs_over_its_card_on_a_phone(page: Page) -> None:
    await unfolded(page, CARDS, width=320)
    assert await page.evaluate(_TOO_WIDE) == []


async def test_text_of_twice_the_size_stays_within_its_card(page: Page) -> None:
    await page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    await unfolded(page, VARIED, width=480)
    assert await page.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize("name", ["approver-spam", "person-mailing", "approver-contain-to-confirm"])
async def test_the_keyboard_reaches_all_in_the_order_in_which_it_is_read(page: Page, name: str) -> None:
    await draw(page, {name: PICTURES[name]}, width=640)
    lines = spoken(PICTURES[name])
    folded = reachable(line for line in lines if not line.startswith(" "))
    assert await reached(page) == folded
    for at, line in enumerate(lines):
        if line.startswith("button that unfolds: "):
            inside = takewhile(lambda one: one.startswith("  "), lines[at + 1 :])
            button = page.get_by_role("button", name=line.partition(": ")[2], exact=True)
            await button.press("Enter")
            now = await reached(page)
            assert [said for said in now if said not in folded] == reachable(one.strip() for one in inside)
            assert [said for said in now if said in folded] == folded
            await button.press("Enter")


async def reached(page: Page) -> list[str]:
    """What the Tab key comes to, from the page's beginning to its end; the parts of a date are one field."""
    await page.evaluate(BETWEEN_MARKS)
    found: list[str] = []
    await page.keyboard.press("Tab")
    while (there := await page.evaluate(_NAME)) is not None:
        found += [there] if found[-1:] != [there] else []
        await page.keyboard.press("Tab")
    return found


def reachable(lines: Iterable[str]) -> list[str]:
    """What of this can be pressed or filled in."""
    kinds = ("button", "unfolds", "more", "link", "field", "box", "choices", "date")
    return [said for kind, _, said in (line.partition(": ") for line in lines) if kind.split()[-1] in kinds]


async def test_enter_opens_a_form_and_escape_leaves_it(page: Page) -> None:
    await draw(page, {"approver-spam": PICTURES["approver-spam"]}, width=640)
    deny = page.get_by_role("button", name="Deny", exact=True)
    await deny.focus()
    await page.keyboard.press("Enter")
    field = page.get_by_label("Reason").last
    await field.focus()
    await page.keyboard.press("Escape")
    await field.wait_for(state="hidden")
    assert await deny.get_attribute("aria-expanded") == "false"
    assert await page.evaluate(_NAME) == "Deny"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_a_time_stands_after_an_arabic_name_in_every_teams(page: Page, direction: str) -> None:
    """Digits after such a name would be drawn before it, and full stops before their sentences in an Arabic Teams."""
    case = replace(WAITING, first_approval=SignOff(by=BO.id, name=LUMA, at=NOW))
    await page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    await draw(page, {"one-of-two": approver_card(case, VIEW)}, width=640)
    ends = await page.evaluate(_LEFT_ENDS, ["One of two", LUMA, "14:00", "Another approver"])
    assert ends == sorted(ends)
    assert await drawn(page, "one-of-two").locator("[dir=ltr]").count() > 0
