"""The code for a telephone call: shown to the approver who asked for it, written by the person in their own chat."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cards.approver.approver_card import approver_card
from cards.approver.call_code import code_notice
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.refusals import refusal_sentence
from dialogs.conversations.approval import Approvals
from dialogs.conversations.inbound import Answer, Clicked, NoReply, Reply, Said
from dialogs.conversations.permissions import require_member, require_unrestricted
from services.domain.card import Card
from services.domain.case.call_codes import read_code
from services.domain.case.case import Case
from services.domain.case.commands.approver import CallCodeMade
from services.domain.case.commands.person import CallCodeWritten
from services.domain.case.transition import Refusal, Refused
from services.domain.intent import Wish
from services.domain.people import PersonId
from services.domain.wishes.topic import Topic
from services.ports.errors import DuplicateActivity
from services.ports.storage import CaseStore


class CallCodes:
    """Makes codes and hears them, where word by another route takes one. `make` returns a new one of six digits."""

    def __init__(
        self,
        *,
        approvals: Approvals,
        cases: CaseStore,
        case_cards: CaseCards,
        make: Callable[[], str],
    ) -> None:
        self._writer, self._clock = approvals.writer, approvals.clock
        self._approvers, self._lookups = approvals.approvers, approvals.lookups
        self._cases = cases
        self._case_cards = case_cards
        self._make = make

    async def told_to(self, clicked: Clicked, case: Case) -> Card:
        """The case's card with a new code on it, for whoever pressed the button alone."""
        view = self._case_cards.view(clicked.conversation.locale)
        code = self._make()
        try:
            await require_member(self._approvers, clicked.by, Refusal.NOT_APPROVER)
        except Refused as refused:
            return await self._case_cards.refused_card(case, clicked.conversation, refusal_sentence(refused, view))
        try:
            case = await self._made(case, clicked, code)
        except Refused as refused:
            return approver_card(case, replace(view, notice=refusal_sentence(refused, view)))
        except DuplicateActivity:  # the answer with its code was lost: they ask for another one
            return approver_card(await self._cases.get(case.number) or case, view)
        return approver_card(case, replace(view, notice=code_notice(case, code, view)))

    async def _made(self, case: Case, clicked: Clicked, code: str) -> Case:
        if not self._writer.timing.call_code:
            raise Refused(Refusal.NOT_NOW)
        await require_unrestricted(self._lookups, clicked.by)
        return await self._writer.apply_for_user(case, CallCodeMade(by=clicked.by, code=code), clicked.activity)

    async def heard(self, said: Said, wish: Wish) -> Answer | None:
        """The answer to somebody who asks about codes, or writes one, in their own chat; `None` to anything else."""
        if not self._writer.timing.call_code:
            return None
        if wish is Topic.CODE:
            return Reply.saying(self._case_cards.view(said.conversation.locale).words("call.how"))
        code = read_code(said.text)
        return await self._written(said, code) if code else None

    async def _written(self, said: Said, code: str) -> Answer | None:
        case = await self._case_of(said)
        if case is None:
            return None
        view, before = self._case_cards.view(said.conversation.locale), _told(case)
        try:
            case = await self._writer.apply_for_user(case, CallCodeWritten(by=said.by, code=code), said.activity)
        except DuplicateActivity:
            return NoReply.SAID_ALREADY
        except Refused as refused:
            return Reply.saying(refusal_sentence(refused, view))
        return Reply.saying(view.words("call.right" if _told(case) - before else "call.wrong"))

    async def _case_of(self, said: Said) -> Case | None:
        """The case for which a code waits, and about which they are the one who is called: of their own mailbox,
        whoever asked, or of one that nobody owns and they asked for last."""
        now = self._clock.now()
        for case in (await self._cases.open_of(said.by.id), await self._cases.latest_of(said.by.id)):
            is_called = case is not None and case.sender.account.person == said.by.id
            if case is not None and is_called and any(code.waits(now) for code in case.call_codes):
                return case
        return None


def _told(case: Case) -> set[tuple[PersonId, datetime]]:
    """Whose codes the person wrote, and when."""
    return {(one.by, one.told_at) for one in case.call_codes if one.told_at}
