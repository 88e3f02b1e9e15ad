"""One browser window, with verbs for what people click and read."""

import os
import re
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request, expect
from playwright.async_api import TimeoutError as Late

from tests.cards.docs_pictures import keep_with_words, words_of
from tests.stories.world import World

_WITHIN = 15_000.0
"""Milliseconds; much more than a page needs, and enough for a machine that is busy with the other stories."""
expect.set_options(timeout=_WITHIN)
_TIMES = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), |\b\d+ \w{3} \d{4}\b|\d+([.,:]\d+)*")


class Window:
    """Verbs over the sandbox page. `world` is what stands behind it."""

    def __init__(self, page: Page, world: World) -> None:
        self.page = page
        self.world = world
        self.complaints: list[str] = []
        page.set_default_timeout(_WITHIN)
        page.on("console", self._heard)
        page.on("pageerror", self._failed)
        page.on("request", self._asked)

    @property
    def chat(self) -> Locator:
        return self.page.get_by_test_id("chat-pane")

    @property
    def channel(self) -> Locator:
        return self.page.get_by_test_id("channel-pane")

    @property
    def tenant(self) -> Locator:
        return self.page.get_by_test_id("tenant-pane")

    @property
    def tour(self) -> Locator:
        return self.page.get_by_test_id("tour")

    async def becomes(self, key: str) -> None:
        await self.page.get_by_test_id("viewer-select").select_option(key)

    async def goes_to(self, pane: Locator) -> None:
        """On a narrow page one part shows at a time: its tab leads there."""
        name = await pane.evaluate("one => one.closest('.pane')?.id")
        tab = self.page.get_by_role("navigation").locator(f"a[href='#{name}']")
        if await tab.is_visible() and await tab.get_attribute("aria-current") is None:
            await tab.click()

    async def pastes_a_bounce(self) -> None:
        await self.goes_to(self.chat)
        await self.page.get_by_test_id("bounce-button").click()
        await self.page.get_by_test_id("chat-send").click()

    async def says(self, words: str) -> None:
        await self.goes_to(self.chat)
        await self.page.get_by_test_id("chat-compose").fill(words)
        await self.page.get_by_test_id("chat-send").click()

    async def commands(self, words: str) -> None:
        """Typed in the channel, to the bot."""
        await self.goes_to(self.channel)
        await self.page.get_by_test_id("channel-compose").fill(words)
        await self.page.get_by_test_id("channel-send").click()

    async def presses(self, pane: Locator, name: str) -> None:
        """The newest button of that name."""
        await self.goes_to(pane)
        await pane.get_by_role("button", name=name, exact=True).last.click()

    async def finds(self, pane: Locator, name: str, behind: str = "More") -> None:
        """Presses the newest button of that name, which another one shows first: unless it is shown already."""
        wanted = pane.get_by_role("button", name=name, exact=True).last
        for _ in range(20):
            # The card may be drawn anew in between, and be closed again.
            with suppress(Late):
                if await wanted.is_visible():
                    await wanted.click(timeout=1_000)
                    return
                await self.presses(pane, behind)
            await self.page.wait_for_timeout(100)
        raise AssertionError(f"there is no {name} behind {behind}")

    async def uncovers(self, pane: Locator, words: str, behind: str) -> None:
        """Waits until a card says this in the part that one of its buttons shows: it is closed whenever the card is
        drawn anew."""
        for _ in range(40):
            if await pane.get_by_text(words).filter(visible=True).count():
                return
            await self.presses(pane, behind)
            await self.page.wait_for_timeout(300)
        raise AssertionError(f"nothing says {words!r} behind {behind}")

    async def holds(self, pane: Locator, words: str) -> None:
        """Waits until a card says this, be it seen or behind one of its buttons."""
        await pane.get_by_text(words).last.wait_for(state="attached")

    async def fills(self, pane: Locator, label: str, words: str) -> None:
        await pane.get_by_label(label).last.fill(words)

    async def reads(self, pane: Locator, words: str) -> None:
        await self.goes_to(pane)
        await pane.get_by_text(words).filter(visible=True).last.wait_for()

    async def sees_the_evidence(self) -> None:
        """Waits for the evidence, and for what the audit log tells. Each comes with an update of the posted card, which
        replaces a reply to one viewer and closes an open form."""
        await self.goes_to(self.channel)
        evidence = self.channel.get_by_role("button", name="Evidence", exact=True, include_hidden=True)
        await evidence.last.wait_for(state="attached")
        await self.sees_no_more_news()

    async def sees_no_more_news(self) -> None:
        """Waits for what the sources tell late, as `sees_the_evidence`, on a card that shows other things first."""
        await self.world.evidence_is_there()
        await self.page.wait_for_timeout(300)  # the page draws what it was sent

    async def changes(self, verb: str) -> None:
        """Presses a button of the Microsoft 365 pane, unfolding the part it stands in."""
        await (await self.unfolds(verb)).click()

    async def unfolds(self, verb: str) -> Locator:
        """Unfolds the part of the Microsoft 365 pane in which that button stands; returns the button."""
        await self.goes_to(self.tenant)
        button = self.page.get_by_test_id(f"tenant-{verb}")
        folded = self.page.locator("details:not([open])").filter(has=button)
        if await folded.count():
            await folded.locator("summary").click()
        return button

    async def sees_dot_at(self, key: str, *, on: bool = True) -> None:
        """Whether the switch says that this person's chat has something new."""
        await self.page.get_by_test_id(f"news-{key}").wait_for(state="visible" if on else "hidden")

    async def scrolled(self, pane: Locator) -> float:
        """How far the pane's messages are scrolled."""
        where: float = await pane.locator(".messages").evaluate("list => list.scrollTop")
        return where

    async def is_as_its_picture(self, name: str) -> None:
        """Whether a wide page's cards say what they say on its picture in the documents, times and numbers apart; with
        SENDWELL_PICTURES the picture is made anew."""
        if (self.page.viewport_size or {"width": 0})["width"] < 600:
            return
        cards = await self.page.locator("[data-message-id] .card").all_inner_texts()
        shown = [_TIMES.sub("0", line) for card in cards for line in card.splitlines() if line.strip()]
        if os.environ.get("SENDWELL_PICTURES"):
            keep_with_words(name, await self.page.screenshot(), shown)
        assert words_of(name) == shown, "the picture is not as the page is today: make pictures"

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and address.hostname != "localhost":
            self.complaints.append(f"the page asked the internet for {request.url}")
