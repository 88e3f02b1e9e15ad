"""The world of the black-box stories: the sandbox, and the bot as a process of its own, over HTTPS."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import trustme

from sandbox import Answer, Message, Sandbox, texts
from tests.databases import file_of, migrated_file
from tests.stories.process import Bot, BotProcess, Launch

_EVIDENCE_PENDING = ("Evidence is being gathered", "Wait for the evidence")
"""What it finds may be worse than what a click on this card speaks of."""
FAST_TIMING = {
    "SENDWELL_CHECK_AFTER": "200ms,400ms,600ms",
    "SENDWELL_PROVE_AFTER": "600s",
    "SENDWELL_CHECK_EVERY": "250ms",
    "SENDWELL_SUPPORT_AFTER": "1s",
    "SENDWELL_LAG_WINDOW": "30s",
    "SENDWELL_RELEASE_GRACE": "1s",
    "SENDWELL_REMIND_AFTER": "60s",
    "SENDWELL_EXPIRE_AFTER": "1h",
    "SENDWELL_WATCH_FOR": "1h",
    "SENDWELL_ASK_AGAIN_AFTER": "30s",
    "SENDWELL_WATCH_EVERY": "off",
    "SENDWELL_AUDIT_AFTER": "200ms,400ms,800ms,1600ms,3200ms,6400ms,13s,26s,52s,10m",
}
SHORT_LEASE = {"SENDWELL_LEASE": "8s", "SENDWELL_SLOW_READ": "2s"}
"""For a story that is killed while a task runs: the next process claims it after this."""
BOUNCE = "Remote Server returned '550 5.1.8 Access denied, bad outbound sender AS(42004)'"


class World:
    """What people do, as verbs. Everything goes over HTTPS; nothing of the bot is imported."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.box = box
        self.tenant = box.tenant
        self.teams = box.teams
        self.launch: Launch = BotProcess
        self.bot: Bot | None = None
        self.folder = folder
        self._log = folder / "bot.log"
        self._few_roots = _few_roots(folder / "roots.pem")
        self.timing = dict(FAST_TIMING)
        self.watched: Path | None = None
        """Where the bot writes what its loop did while it was watched, if it is to be (see `loop_watch`)."""

    # The bot as a process.

    async def start(self, **settings: str) -> None:
        """Starts the bot and waits until it responds. Its first database is migrated already, which takes most of a
        start; `tests/test_app.py` and the sandbox's own command start on none."""
        environment = {**os.environ, **self._few_roots, **self.box.environment, **self.timing, **settings}
        file = file_of(environment["SENDWELL_DATABASE_URL"])
        if file.parent.is_dir() and not file.exists():
            file.write_bytes(migrated_file())
        self.bot = self.launch(environment, self._log, self.watched)
        await asyncio.wait_for(self._answering(), 30)

    async def kill(self) -> None:
        """kill -9: the process cannot finish or flush anything."""
        assert self.bot is not None
        self.bot.send_signal(signal.SIGKILL)
        await self.bot.wait()

    async def stop(self) -> None:
        """Sends SIGTERM and waits for the end within a time limit."""
        if self.bot is None or self.bot.returncode is not None:
            return
        self.bot.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.bot.wait(), 20)
        except TimeoutError:
            await self.kill()

    async def restart_after_kill(self) -> None:
        await self.kill()
        await self.start()

    async def begins_anew(self, meanwhile: Callable[[], None], **settings: str) -> None:
        """The bot ends, its database is deleted, and it starts again; `meanwhile` is done in between."""
        await self.stop()
        for file in file_of(self.box.environment["SENDWELL_DATABASE_URL"]).parent.glob("sendwell.db*"):
            file.unlink()
        meanwhile()
        await self.start(**settings)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    async def ready(self) -> tuple[int, Any]:
        async with aiohttp.ClientSession() as session, session.get(f"{self.teams.bot_url}/readyz") as response:
            return response.status, await response.json()

    async def _answering(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                assert self.bot is not None
                assert self.bot.returncode is None, self.log()
                try:
                    async with session.get(f"{self.teams.bot_url}/healthz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)

    # What people do.

    async def ana_asks(self, words: str = f"why can't I send email? {BOUNCE}") -> Message:
        """Ana writes; returns her newest card once there is a new one."""
        before = len(self.told("ana"))
        assert await self.teams.say("ana", words) == 200
        await self.until(lambda: len(self.told("ana")) > before)
        return self.card_of("ana")

    async def ana_presses(self, which: str, **inputs: str) -> Answer:
        """Ana presses the button as soon as a card of hers has it; of several, on the newest."""

        def with_button() -> Message | None:
            cards = reversed(self.told("ana"))
            return next((card for card in cards if self.teams.has_button("ana", card, which)), None)

        await self.until(with_button)
        return await self.teams.press("ana", with_button() or self.card_of("ana"), which, inputs)

    async def ana_secures(self) -> None:
        """Ana completes all three securing steps, with proofs."""
        self.tenant.reset_password("ana")
        for which in ("password_done", "mfa_done", "mailing_unsure"):
            assert (await self.ana_presses(which)).status == 200

    async def ana_sends(self, note: str = "") -> Message:
        """Ana sends the request; returns the approvers' card."""
        await self.ana_presses("send", note=note)
        await self.until(self.posts)
        return self.approvers_card()

    async def ana_has_sent(self, kind: str = "limit") -> Message:
        """All steps to a waiting request."""
        self.tenant.restrict("ana", kind)
        await self.ana_asks()
        await self.ana_secures()
        return await self.ana_sends()

    async def ana_has_sent_a_mailing(self) -> Message:
        """All steps to a waiting request whose evidence looks honest: what she says fits what was sent."""
        self.tenant.restrict("ana", "limit")
        await self.ana_asks()
        self.tenant.reset_password("ana")
        for which in ("password_done", "mfa_done"):
            await self.ana_presses(which)
        await self.ana_presses("mailing_yes", recipients="2000")
        return await self.ana_sends()

    async def evidence_is_there(self) -> None:
        """Waits until the approvers' card shows what was found, in the audit log too: a click before that may speak of
        better facts."""
        pending = (*_EVIDENCE_PENDING, "The audit log is being checked")
        await self.until(lambda: not any(map(self.on_the_card, pending)))

    async def decides(self, key: str, which: str, **inputs: str) -> Answer:
        """An approver presses the button as soon as the case's newest card has it, and its evidence."""
        await self.until(
            lambda: (
                self.teams.has_button(key, self.approvers_card(), which)
                and not any(map(self.approvers_see, _EVIDENCE_PENDING))
            )
        )
        return await self.teams.press(key, self.approvers_card(), which, inputs)

    async def fails(self) -> None:
        """All steps to an unblock that Exchange refused."""
        self.tenant.accounts["ana"].unblocks_spent = True
        await self.ana_has_sent()
        await self.bo_approves()
        await self.until(lambda: self.approvers_see("The unblock failed"))

    async def needs_ticket(self) -> None:
        """All steps to an unblock that the list never shows."""
        self.tenant.list_lag = 600
        await self.ana_has_sent()
        await self.bo_approves()
        await self.until(lambda: self.approvers_see("Open a Microsoft support ticket"), 30)

    async def is_off_list(self) -> None:
        await self.ana_has_sent()
        await self.bo_approves()
        await self.until_off_list()

    async def bo_approves(self) -> Answer:
        return await self.decides("bo", "approve")

    # What people see.

    def told(self, key: str) -> list[Message]:
        return self.teams.from_bot(self.teams.chat(key))

    def card_of(self, key: str) -> Message:
        return self.told(key)[-1]

    def approval(self) -> dict[str, Any]:
        """What the button of the approvers' newest card carries that approves."""
        return next(button["data"] for button in _buttons(self.approvers_card().card) if button["verb"] == "approve")

    def posts(self) -> list[Message]:
        """The bot's posts in the channel that began a thread."""
        return [m for m in self.teams.from_bot(self.teams.channel()) if m.thread == m.id]

    def approvers_card(self) -> Message:
        return self.posts()[-1]

    def person_sees(self, words: str) -> bool:
        return words in texts(self.card_of("ana").card)

    def approvers_see(self, words: str) -> bool:
        return words in texts(self.approvers_card().card)

    def on_the_card(self, words: str) -> bool:
        """Whether the approvers' card holds these words, unfolded or not."""
        return words in json.dumps(self.approvers_card().card, ensure_ascii=False)

    def channel_reads(self, words: str) -> bool:
        """Whether any message of the bot in the channel, replies included, says so."""
        return any(words in texts(message.card) for message in self.teams.from_bot(self.teams.channel()))

    def tokens_asked(self) -> int:
        """How many tokens the bot has asked for."""
        return self.tenant.tokens

    def removals(self) -> list[str]:
        return [outcome for _, _, outcome in self.tenant.removals]

    async def until(self, predicate: Any, seconds: float = 20.0) -> None:
        try:
            await self.teams.until(predicate, seconds)
        except AssertionError as missed:
            raise AssertionError(f"{missed}\n--- the bot's log\n{self.log()[-4_000:]}") from None

    async def watches(self) -> None:
        """Restarts the bot with its list monitor on; returns when it has read the list twice."""
        await self.stop()
        before = self.tenant.reads
        await self.start(SENDWELL_WATCH_EVERY="250ms")
        async with asyncio.timeout(20):
            while self.tenant.reads < before + 2:  # noqa: ASYNC110 - a read sets no event
                await asyncio.sleep(0.02)

    async def until_off_list(self) -> None:
        await self.until(lambda: self.person_sees("Unblocked: please test") and self.approvers_see("Off the list"))


def _buttons(part: Any) -> Iterator[dict[str, Any]]:
    """Every button within a part of a card, those of unfolded forms too."""
    if isinstance(part, dict) and part.get("type") == "Action.Execute":
        yield part
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _buttons(inner)


def _few_roots(file: Path) -> dict[str, str]:
    """Settings that replace the system's hundreds of trust roots, which take most of a start to read, by one that
    signed nothing here: the sandbox is trusted because of `SENDWELL_CA_FILE` alone."""
    file.write_bytes(_stranger())
    return {"SSL_CERT_FILE": str(file), "REQUESTS_CA_BUNDLE": str(file)}


@cache
def _stranger() -> bytes:
    return trustme.CA().cert_pem.bytes()
