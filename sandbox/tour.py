"""How far Ana's story has come, read off what was said, posted and removed: a tour ticks itself off with it."""

from datetime import datetime

from sandbox.actions import executes
from sandbox.chats import BOT, Chats, Message
from sandbox.people import PEOPLE
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

    def progress(self) -> dict[str, bool]:
        """The five steps in order; a later step that is done takes the earlier ones with it."""
        began = self._beginning()
        if began is None:
            return dict.fromkeys(_STEPS, False)
        done = [self._asked(began), self._secured(began), self._requested(began), self._removed(began)]
        done.append(self._works(began))
        return {step: any(done[index:]) for index, step in enumerate(_STEPS)}

    def _beginning(self) -> datetime | None:
        mine = {address.casefold() for address in (PEOPLE[_WHO].upn, *PEOPLE[_WHO].aliases)}
        begins = [entry.listed_at for entry in self._tenant.entries if entry.address.casefold() in mine]
        self._began = max([*begins, *([self._began] if self._began else [])], default=None)
        return self._began

    def _asked(self, began: datetime) -> bool:
        return any(m.author == _WHO for m in _since(self._chats.of_chat(_WHO), began))

    def _secured(self, began: datetime) -> bool:
        cards = [m.card for m in _since(self._chats.of_chat(_WHO), began, changed=True) if m.author == BOT and m.card]
        answered = [m.private[_WHO] for m in self._chats.of_chat(_WHO) if m.at > began and _WHO in m.private]
        return any(button.action.get("verb") == "send" for card in (*cards, *answered) for button in executes(card))

    def _requested(self, began: datetime) -> bool:
        """Sent, and shown in the channel: what Sendwell posts there by itself is no request."""
        posts = (m for m in _since(self._chats.of_channel(), began) if m.author == BOT and m.card)
        return self._pressed("send", began) and any(m.thread == m.id for m in posts)

    def _removed(self, began: datetime) -> bool:
        return any(at > began and outcome == "done" for at, _, outcome in self._tenant.removals)

    def _works(self, began: datetime) -> bool:
        return self._pressed("works", began)

    def _pressed(self, verb: str, began: datetime) -> bool:
        return any(at > began and (who, which) == (_WHO, verb) for at, who, which in self._teams.pressed)


_STEPS = ("asked", "secured", "requested", "approved", "works")


def _since(messages: list[Message], began: datetime, *, changed: bool = False) -> list[Message]:
    """The messages of this story; `changed` counts those as well that were only updated in it."""
    return [m for m in messages if m.at > began or (changed and m.updated_at and m.updated_at > began)]
