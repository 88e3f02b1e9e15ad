"""The page draws what Microsoft's own package draws otherwise than Teams: macros of times, and mentions."""

from typing import Any

from sandbox.people import PEOPLE
from services.domain.card import Card
from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

BO = PEOPLE["bo"]
MACROS = "{{DATE(2026-11-25T21:05:00Z,SHORT)}} {{TIME(2026-11-25T21:05:00Z)}}"
_DRAW = """async (card) => {
  const { renderCard } = await import("/page/cards.js");
  const drawn = renderCard(card, async () => {}, () => {}).box;
  const words = (one) => one.textContent.replaceAll("\\u2060", "").replace(/\\n$/, "");
  const all = (selector) => [...drawn.querySelectorAll(selector)].map(words);
  return { blocks: all(".ac-textBlock"), runs: all(".ac-textRun"), facts: all("td"), mentions: all(".mention") };
}"""


async def drawn(window: Window, *body: Any, entities: Any = ()) -> dict[str, list[str]]:
    card: Card = {"type": "AdaptiveCard", "version": "1.5", "body": [*body], "msteams": {"entities": [*entities]}}
    found: dict[str, list[str]] = await window.page.evaluate(_DRAW, card)
    return found


@WIDE_ONLY
async def test_times_and_mentions_are_drawn_as_teams_draws_them(still_window: Window) -> None:
    block = {"type": "TextBlock", "text": f"since {MACROS}"}
    run = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": f"since {MACROS}"}, f" {MACROS}"]}
    facts = {"type": "FactSet", "facts": [{"title": "since", "value": MACROS}]}
    found = await drawn(still_window, block, run, facts)
    assert found["blocks"][0] == "since Wed, 25 Nov 2026 22:05"  # the reader of the page sits in Madrid
    assert found["runs"] == [f"since {MACROS}", f" {MACROS}"]
    assert MACROS in found["facts"]
    mention = {"type": "mention", "text": "<at>Bo Larsen</at>", "mentioned": {"id": BO.id, "name": BO.name}}
    block = {"type": "TextBlock", "text": "For <at>Bo Larsen</at>, <at>Kim</at>"}
    found = await drawn(still_window, block, entities=[mention])
    assert (found["mentions"], found["blocks"]) == (["Bo Larsen"], ["For Bo Larsen, <at>Kim</at>"])
    still_window.world.box.chats.begin_thread("bot", "Case 17 waits.", None, ["bo", "cleo"])
    await still_window.reads(still_window.channel, "Notified: Bo Larsen, Cleo Marsh")
