"""The approver: every click and every typed command is judged by what the directory says of its sender, now."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from cards.case_card import case_card
from cards.small_cards import cases_card, channel_help_card, one_line, restricted_card
from dialogs.approver_acts import OPEN_CASE, act_of_click, act_of_command
from dialogs.desk import Desk
from dialogs.heard import Clicked, Reply, Said, Where
from dialogs.refusals import refusal_sentence
from dialogs.showing import Showing
from services.domain.case import Case, CaseNumber
from services.domain.intent import AboutCase, Topic, Unclear
from services.domain.knowledge import Why
from services.domain.moves import Refusal, RefusedMove
from services.domain.people import Clicker, Standing
from services.ports import (
    Addresses,
    Approvers,
    Card,
    Cases,
    HeardBefore,
    MailSystem,
    Register,
    Unavailable,
    Unreachable,
)

RIGHTS_WITHIN = timedelta(seconds=5)
"""How long a click may wait for the directory to say whether its sender may decide."""

_ANYWHERE = (Topic.USE_THIS_CHANNEL, Topic.HELP)
_REFUSALS = {
    Standing.NOT_APPROVER: Refusal.NOT_APPROVER,
    Standing.ELIGIBLE: Refusal.ELIGIBLE,
    Standing.GUEST: Refusal.GUEST,
    Standing.DISABLED: Refusal.DISABLED,
}


class Approval:
    """The approvers' conversation."""

    def __init__(
        self,
        *,
        desk: Desk,
        cases: Cases,
        register: Register,
        approvers: Approvers,
        mail: MailSystem,
        addresses: Addresses,
        showing: Showing,
    ) -> None:
        self._desk = desk
        self._cases = cases
        self._register = register
        self._approvers = approvers
        self._mail = mail
        self._addresses = addresses
        self._showing = showing

    async def clicked(self, clicked: Clicked, case: Case) -> Card:
        """A button on the approvers' card; the answer is the case as it is afterwards, for this viewer."""
        locale = clicked.place.locale
        try:
            await self._may_decide(clicked.by)
        except RefusedMove as refused:
            return await self._turned_away(clicked, case, refused)
        if clicked.verb == OPEN_CASE:
            return await self._opened(case, locale)
        try:
            case = await self._desk.move(case, act_of_click(clicked), clicked.heard)
        except RefusedMove as refused:
            present = await self._cases.get(case.number) or case
            return case_card(present, self._showing.view(locale, self._sentence(refused, locale)))
        except HeardBefore:
            case = await self._cases.get(case.number) or case
        return case_card(case, self._showing.view(locale))

    async def may_decide(self, by: Clicker) -> bool:
        """Whether the commands of approvers are theirs; where it cannot be said just now, they are not offered."""
        try:
            await self._may_decide(by)
        except RefusedMove:
            return False
        return True

    async def typed(self, said: Said, wish: Topic | AboutCase | Unclear) -> Reply | None:
        """A typed command, through the same checks as a click.

        Raises:
            RefusedMove: it was not done.
        """
        await self._may_decide(said.by)
        if said.where is Where.CHANNEL and wish not in _ANYWHERE and not await self._is_our_channel(said):
            raise RefusedMove(Refusal.ELSEWHERE)  # whoever reads along there need not be an approver
        view = self._showing.view(said.place.locale)
        if isinstance(wish, Unclear):
            return _reply(view.words("refusal.unclear", verb=wish.verb))
        if isinstance(wish, AboutCase):
            return await self._about_case(said, wish)
        if wish is Topic.CASES:
            card = cases_card(await self._register.open_cases(), view)
        elif wish is Topic.RESTRICTED:
            card = await self._restricted(said)
        elif wish is Topic.USE_THIS_CHANNEL:
            return await self._use_channel(said)
        else:
            card = channel_help_card(view)
        return Reply(card=card, summary=view.words("app.name"))

    async def _about_case(self, said: Said, wish: AboutCase) -> Reply | None:
        case = await self._cases.get(CaseNumber(wish.number))
        if case is None or case.sent_at is None:
            raise RefusedMove(Refusal.NO_SUCH_CASE)
        if wish.verb != "case":
            case = await self._desk.move(case, act_of_command(said.by, wish), said.heard)
        if await self._is_our_channel(said):
            await self._showing.repost_approvers(case)
            return None
        view = self._showing.view(said.place.locale)
        return Reply(card=case_card(case, view), summary=view.words("case.number", number=str(case.number)))

    async def _opened(self, case: Case, locale: str) -> Card:
        """Chosen on a digest: the case's own card comes to the end of the channel."""
        if case.sent_at is None:
            return one_line(self._showing.view(locale).words("refusal.no_such_case"))
        await self._showing.repost_approvers(case)
        view = self._showing.view(locale)
        notice = view.words("answer.opened", number=str(case.number))
        return await self._showing.digest_of(case, replace(view, notice=notice)) or one_line(notice)

    async def _restricted(self, said: Said) -> Card:
        view = self._showing.view(said.place.locale)
        try:
            async with asyncio.timeout(RIGHTS_WITHIN.total_seconds()):
                return restricted_card(await self._mail.restricted(), view)
        except TimeoutError:
            why = Why.TIMED_OUT
        except Unavailable as trouble:
            why = trouble.why
        return one_line(view.words("restricted.unreadable", why=view.words(f"why_not.{why.name.lower()}")))

    async def _use_channel(self, said: Said) -> Reply:
        view = self._showing.view(said.place.locale)
        if said.where is not Where.CHANNEL:
            return _reply(view.words("refusal.channel_only"))
        await self._addresses.use_channel(said.place)
        for case in await self._register.open_cases():
            if case.sent_at is not None:
                with suppress(Unavailable, Unreachable):  # each next change shows it anyway
                    await self._showing.show_approvers(case)
        return _reply(view.words("answer.channel_set"))

    async def _may_decide(self, by: Clicker) -> None:
        try:
            async with asyncio.timeout(RIGHTS_WITHIN.total_seconds()):
                standing = await self._approvers.standing(by.id)
        except (TimeoutError, Unavailable):
            raise RefusedMove(Refusal.RIGHTS_NOT_CHECKED) from None
        if standing is not Standing.APPROVER:
            raise RefusedMove(_REFUSALS[standing])

    async def _turned_away(self, clicked: Clicked, case: Case, refused: RefusedMove) -> Card:
        """The refusal, on the picture they can see anyway; elsewhere the sentence alone, which tells nothing."""
        locale = clicked.place.locale
        notice = self._sentence(refused, locale)
        if case.sent_at and await self._is_our_channel(clicked):
            return case_card(case, self._showing.view(locale, notice))
        return one_line(notice)

    async def _is_our_channel(self, heard_in: Said | Clicked) -> bool:
        channel = await self._addresses.channel()
        return channel is not None and channel.conversation == heard_in.place.conversation

    def _sentence(self, refused: RefusedMove, locale: str) -> str:
        return refusal_sentence(refused, self._showing.view(locale))


def _reply(sentence: str) -> Reply:
    return Reply(card=one_line(sentence), summary=sentence)
