"""What the list monitor tells the approvers: quiet lines in their channel, one for all entries of a kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cards.notices import thread_card
from cards.text import user_text
from cards.view import View
from dialogs.casework.case_cards import CaseCards
from services.domain.exchange_roles import role_with
from services.domain.restriction import Restriction
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable
from services.ports.teams import ConversationRef

_NAMED = 10
"""Addresses that one line names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the approvers are told of an entry for which there is no case: the sentence and what is filled into it."""

    name: str
    entry: Restriction
    filled: Mapping[str, str] = field(default_factory=dict)


class MonitorLines:
    """Posts the lines. Each method returns whether its line stands in the channel.

    A line says what was so at its time: it belongs to no case that would show when that is over, and stays."""

    def __init__(self, case_cards: CaseCards) -> None:
        self._case_cards = case_cards

    async def begins(self, addresses: Sequence[str]) -> bool:
        """The watch begins, and these are restricted already."""
        name = "watch.begins.many" if len(addresses) > _NAMED else "watch.begins"
        return await self._post(name, n=len(addresses), names=_names(addresses))

    async def cannot_read(self, why: UnknownReason) -> bool:
        """The list could not be read several times in a row."""
        return await self._post("watch.cannot_read", why=why)

    async def may_not_read(self) -> bool:
        """The app has no right to read the list."""
        cmdlet = "Get-BlockedSenderAddress"
        return await self._post("watch.may_not_read", cmdlet=cmdlet, role=role_of(cmdlet))

    async def works_again(self) -> bool:
        """The list can be read again."""
        return await self._post("watch.works_again")

    async def waits(self, addresses: Sequence[str]) -> bool:
        """These could not be looked up several times in a row."""
        return await self._post_many("watch.waits", addresses)

    async def of_kind(self, lines: Sequence[Line]) -> bool:
        """Of all entries with the same sentence at once; a single one has a sentence of its own."""
        first, addresses = lines[0], [line.entry.address for line in lines]
        if len(lines) == 1:
            return await self._post(first.name, address=user_text(addresses[0], 120), **first.filled)
        return await self._post_many(f"{first.name}.many", addresses, **first.filled)

    async def _post(self, name: str, **filled: object) -> bool:
        where = await self._view()
        if where is None:
            return False
        conversation, view = where
        said = {
            key: view.words(f"why_not.{value.name.lower()}") if isinstance(value, UnknownReason) else value
            for key, value in filled.items()
        }
        return await self._stands(conversation, view, view.words(name, when=view.brief(view.now), **said))

    async def _post_many(self, name: str, addresses: Sequence[str], **filled: object) -> bool:
        where = await self._view()
        if where is None:
            return False
        conversation, view = where
        when = view.brief(view.now)
        text = view.words.count(name, len(addresses), names=_names(addresses), when=when, **filled)
        return await self._stands(conversation, view, text)

    async def _view(self) -> tuple[ConversationRef, View] | None:
        conversation = await self._case_cards.channel()
        return None if conversation is None else (conversation, self._case_cards.view(conversation.locale))

    async def _stands(self, conversation: ConversationRef, view: View, text: str) -> bool:
        try:
            await self._case_cards.post(conversation, thread_card(text, view), text)
        except (Unavailable, Unreachable):
            return False
        return True


def role_of(cmdlet: str) -> str:
    """The name of the Exchange role that has the cmdlet."""
    role = role_with(cmdlet)
    return role.name if role else ""


def _names(addresses: Sequence[str]) -> str:
    """The first ten; how many there are is said beside them."""
    shown = ", ".join(user_text(address, 120) for address in addresses[:_NAMED])
    return f"{shown}, …" if len(addresses) > _NAMED else shown
