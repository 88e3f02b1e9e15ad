"""The first to hear: who should answer this?"""

from cards.small_cards import help_card, one_line
from cards.words import languages
from dialogs.approval import Approval
from dialogs.approver_acts import APPROVER_VERBS
from dialogs.heard import Clicked, Reply, Said, Where
from dialogs.help_to_send import HelpToSend
from dialogs.refusals import refusal_sentence
from dialogs.showing import Showing
from services.domain.case import CaseNumber
from services.domain.intent import AboutCase, Topic, Unclear, Wish, read_case_number, read_wish
from services.domain.moves import RefusedMove
from services.domain.people import Clicker
from services.ports import Addresses, Card, Cases, HeardBefore, Messenger, Place, Unavailable, Unreachable

_FOR_APPROVERS = (Topic.CASES, Topic.RESTRICTED, Topic.USE_THIS_CHANNEL)


class FrontDesk:
    """Hands what was said or clicked to the conversation it belongs to."""

    def __init__(
        self,
        *,
        person: HelpToSend,
        approval: Approval,
        cases: Cases,
        addresses: Addresses,
        messenger: Messenger,
        showing: Showing,
    ) -> None:
        self._person = person
        self._approval = approval
        self._cases = cases
        self._addresses = addresses
        self._messenger = messenger
        self._showing = showing

    async def said(self, said: Said) -> Reply | None:
        """The answer to words; `None` where a case's card is the answer."""
        view = self._showing.view(said.place.locale)
        if said.where is Where.GROUP:
            return _reply(view.words("answer.group"))
        wish = read_wish(said.text)
        if said.where is Where.CHANNEL:
            return await self._command(said, wish)
        await self._addresses.remember(said.by.id, said.place)
        if said.has_file and wish is Topic.HELP:
            return _reply(view.words("answer.file"))
        if isinstance(wish, AboutCase | Unclear) or wish in _FOR_APPROVERS:
            return await self._command(said, wish)
        return await self._personal(said, wish)

    async def clicked(self, clicked: Clicked) -> Card:
        """What the clicker sees now."""
        view = self._showing.view(clicked.place.locale)
        if clicked.where is Where.PERSONAL:
            await self._addresses.remember(clicked.by.id, clicked.place)
        number = read_case_number(clicked.number)
        case = await self._cases.get(CaseNumber(number)) if number else None
        if case is None:
            return one_line(view.words("refusal.no_such_case"))
        if clicked.verb in APPROVER_VERBS:
            return await self._approval.clicked(clicked, case)
        return await self._person.clicked(clicked, case)

    async def met(self, person: Clicker, place: Place) -> Reply | None:
        """Somebody installed the bot: now they can be written to."""
        await self._addresses.remember(person.id, place)
        return _reply(self._showing.view(place.locale).words("answer.welcome"))

    async def joined(self, place: Place, by: Clicker | None) -> Reply | None:
        """Added to a team: say how the channel becomes the approvers' one."""
        del by  # whoever added the bot is not thereby an approver
        return _reply(self._showing.view(place.locale).words("answer.channel_welcome"))

    async def left(self, place: Place) -> None:
        """Removed from a chat or team: nothing can be sent there, which the next attempt will say."""

    async def _personal(self, said: Said, wish: Wish) -> Reply | None:
        view = self._showing.view(said.place.locale)
        if wish is Topic.STATUS:
            return await self._person.status(said)
        if wish is Topic.WITHDRAW:
            return await self._person.withdraw(said)
        if wish is Topic.LANGUAGE:
            known = ", ".join(languages())
            return _reply(view.words("answer.language", languages=known, language=view.words.language))
        if wish is Topic.HELP:
            return Reply(card=help_card(view), summary=view.words("help.title"))
        return await self._person.asked(said)

    async def _command(self, said: Said, wish: Wish) -> Reply | None:
        if wish in (Topic.LOOK, Topic.STATUS, Topic.WITHDRAW, Topic.LANGUAGE):
            wish = Topic.HELP  # in the channel these are not commands
        try:
            return await self._approval.typed(said, wish)
        except RefusedMove as refused:
            return await self._refuse(said, refused)
        except HeardBefore:
            return None

    async def _refuse(self, said: Said, refused: RefusedMove) -> Reply | None:
        """In the channel nobody is shown up: the sentence goes to their own chat, or a neutral line stands."""
        view = self._showing.view(said.place.locale)
        sentence = refusal_sentence(refused, view)
        if said.where is Where.PERSONAL:
            return _reply(sentence)
        place = await self._addresses.person(said.by.id)
        if place is not None:
            try:
                await self._messenger.post(place, one_line(sentence), sentence)
            except (Unavailable, Unreachable):
                return _reply(view.words("answer.not_done"))
            return None
        return _reply(view.words("answer.not_done"))


def _reply(sentence: str) -> Reply:
    return Reply(card=one_line(sentence), summary=sentence)
