"""How far a story has come, read off what was said, posted and removed: the guide ticks itself off with it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.actions import executes
from sandbox.chats import BOT, Chats, Message
from sandbox.people import PEOPLE
from sandbox.stories import STORIES
from sandbox.teams import Teams
from sandbox.tenant import Tenant

_WHO = "ana"


class Tour:
    """Ana's story. It begins anew whenever she is restricted anew."""

    def __init__(self, tenant: Tenant, chats: Chats, teams: Teams) -> None:
        self._tenant = tenant
        self._chats = chats
        self._teams = teams
        self._began: datetime | None = None
        self.story = "honest"
        self._done: Mapping[str, Callable[[datetime], bool]] = {
            "asked": self._asked,
            "secured": self._secured,
            "requested": self._requested,
            "approved": self._removed,
            "works": lambda began: self._pressed("works", began),
            "proven": self._proven,
            "contained": self._contained,
            "denied": lambda began: self._pressed("deny", began),
        }

    def begin_anew(self) -> None:
        self._began = None

    def progress(self) -> dict[str, Any]:
        """The story's steps in their order, each with whether it is done: a later one takes the earlier ones with it.
        `astray`: it took another turn, and leads no further."""
        began, steps = self._beginning(), STORIES[self.story].steps
        done = [began is not None and self._done[step](began) for step in steps]
        astray = began is not None and not done[-1] and self._astray(began)
        return {
            "story": self.story,
            "steps": {step: any(done[index:]) for index, step in enumerate(steps)},
            "astray": astray,
        }

    def _beginning(self) -> datetime | None:
        mine = {address.casefold() for address in (PEOPLE[_WHO].upn, *PEOPLE[_WHO].aliases)}
        begins = [entry.listed_at for entry in self._tenant.entries if entry.address.casefold() in mine]
        self._began = max([*begins, *([self._began] if self._began else [])], default=None)
        return self._began

    def _astray(self, began: datetime) -> bool:
        """Denied, or unblocked where that was not the story; lifted elsewhere; or a case that has ended."""
        removed = self._removed(began)
        if self.story == "stolen" and removed:
            return True
        if self._pressed("deny", began) or not (removed or self._tenant.is_restricted(_WHO)):
            return True
        cards = [m for m in _since(self._chats.of_chat(_WHO), began, changed=True) if m.author == BOT and m.card]
        return bool(cards) and self._teams.has_button(_WHO, cards[-1], "again")

    def _asked(self, began: datetime) -> bool:
        return any(m.author == _WHO for m in _since(self._chats.of_chat(_WHO), began))

    def _secured(self, began: datetime) -> bool:
        cards = [m.card for m in _since(self._chats.of_chat(_WHO), began, changed=True) if m.author == BOT and m.card]
        answered = [m.private[_WHO] for m in self._chats.of_chat(_WHO) if m.at > began and _WHO in m.private]
        return any(button.action.get("verb") == "send" for card in (*cards, *answered) for button in executes(card))

    def _requested(self, began: datetime) -> bool:
        """Sent, and shown in the channel: what Sendwell posts there by itself is no request."""
        posts = (m for m in _since(self._chats.of_channel(), began) if m.author == BOT and m.card)
        sent = self._pressed("send", began) or self._pressed("tell", began)
        return sent and any(m.thread == m.id for m in posts)

    def _removed(self, began: datetime) -> bool:
        return any(at > began and outcome == "done" for at, _, outcome in self._tenant.removals)

    def _proven(self, began: datetime) -> bool:
        """Message trace showed what was sent after the removal and delivered, and Ana's card was drawn anew then."""
        removed = [at for at, _, outcome in self._tenant.removals if at > began and outcome == "done"]
        if not removed:
            return False
        shown = [at for at, sent in self._tenant.message_trace.shown if at > began and sent > max(removed)]
        cards = [m for m in self._chats.of_chat(_WHO) if m.author == BOT and m.card]
        return bool(shown) and any(m.updated_at and m.updated_at > min(shown) for m in cards)

    def _contained(self, began: datetime) -> bool:
        account = self._tenant.accounts[_WHO]
        return not account.enabled or bool(account.sessions_revoked_at and account.sessions_revoked_at > began)

    def _pressed(self, verb: str, began: datetime) -> bool:
        who = {_WHO} if verb in _HERS else self._tenant.approvers
        return any(at > began and which == verb and key in who for at, key, which in self._teams.pressed)


_HERS = ("send", "tell", "works")


def _since(messages: list[Message], began: datetime, *, changed: bool = False) -> list[Message]:
    """The messages of this story; `changed` counts those as well that were only updated in it."""
    return [m for m in messages if m.at > began or (changed and m.updated_at and m.updated_at > began)]
