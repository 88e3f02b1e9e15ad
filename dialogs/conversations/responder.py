"""The responder: contain an account, confirm exactly what is listed, put things back one by one."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace

from cards.approver.approver_card import approver_card
from cards.approver.containment import (
    STEP_WORDS,
    read_account,
    read_cancelling,
    read_confirmation,
    read_containment,
    read_putting_back,
)
from cards.approver.still_open import read_signing
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.click_reads import ClickReads, FirstWord, first_word, read_at_click
from dialogs.casework.lookups import Lookups, or_unknown
from dialogs.casework.newest_case import looks_stolen_by_now
from dialogs.casework.refusals import refusal_sentence, refused_view
from dialogs.conversations.inbound import Answer, Clicked, ConversationKind, NoReply, Reply, Said
from dialogs.conversations.permissions import RIGHTS_WITHIN, require_member, require_unrestricted
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.deciding import evidence_is_ready
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import Refusal, Refused
from services.domain.containment.commands import (
    ByResponder,
    ContainmentCancelled,
    ContainmentConfirmed,
    ContainmentRequested,
    ContainmentSigned,
    PutBackRequested,
)
from services.domain.containment.containment import ContainmentStep
from services.domain.containment.transitions import account_in, contained_account, rules_to_switch_off
from services.domain.intent import AboutCase, read_case_number
from services.domain.people import PersonId, TeamsUser
from services.domain.unknown import Unknown
from services.ports.clock import Clock
from services.ports.errors import DuplicateActivity
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import Storage

_PUT_BACK = {f"put_back_{word}": step for word, step in STEP_WORDS.items()}
RESPONDER_VERBS = frozenset(
    {"contain", "contain_again", "contain_confirm", "contain_cancel", "contain_sign", *_PUT_BACK}
)


class ResponderConversation:
    """The responders' conversation. Where no group of responders is set, containment is off."""

    def __init__(
        self,
        *,
        writer: CaseWriter,
        storage: Storage,
        microsoft365: Microsoft365,
        lookups: Lookups,
        case_cards: CaseCards,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._lookups = lookups
        self._writer = writer
        self._cases, self._queries = storage.cases, storage.queries
        self._responders, self._containment = microsoft365.responders, microsoft365.containment
        self._case_cards = case_cards

    async def clicked(self, clicked: Clicked, case: Case) -> Card:
        """A button of containment; the answer is the case as it is afterwards."""
        view = self._case_cards.view(clicked.conversation.locale)
        try:
            await self._may_respond(clicked.by, case)
        except Refused as refused:
            return await self._case_cards.refused_card(case, clicked.conversation, refusal_sentence(refused, view))
        try:
            command = await self._command(clicked, case)
            if isinstance(command, PutBackRequested):
                case, command = await self._read_again(case, command)
            elif isinstance(command, ContainmentSigned) and case.containment is not None:
                case, _ = await self._read(case, command.by)
            case = await self._writer.apply_for_user(case, command, clicked.activity)
        except Refused as refused:
            present = await self._cases.get(case.number) or case
            return approver_card(present, refused_view(refused, clicked.verb, clicked.inputs, view))
        except DuplicateActivity:
            case = await self._cases.get(case.number) or case
        return approver_card(case, view)

    async def typed(self, said: Said, wish: AboutCase) -> Answer:
        """`contain 17` shows the case; with steps they are chosen, with `yes` or `no` the list is answered.

        Raises:
            Refused: it was not done.
        """
        await self._may_respond(said.by)
        in_channel = await self._case_cards.is_approvals_channel(said.conversation)
        if said.kind is ConversationKind.CHANNEL and not in_channel:
            raise Refused(Refusal.ELSEWHERE)
        case = await self._cases.get(CaseNumber(wish.number))
        if case is None or (case.request.sent_at is None and case.contact.found_by_monitor_at is None):
            raise Refused(Refusal.NO_SUCH_CASE)
        view = self._case_cards.view(said.conversation.locale)
        try:
            if words := wish.text.casefold().replace(",", " ").split():
                command = await self._typed_command(said.by, words, case)
                case = await self._writer.apply_for_user(case, command, said.activity)
        except Refused as refused:
            if refused.refusal is not Refusal.PLAN_CHANGED:
                raise
            if in_channel:
                await self._case_cards.repost_approvers_card(case)
                raise
            view = self._case_cards.view(said.conversation.locale, refusal_sentence(refused, view))
        if in_channel:
            await self._case_cards.repost_approvers_card(case)
            return NoReply.CARD_FOLLOWS
        return Reply(card=approver_card(case, view), summary=view.words("case.number", number=str(case.number)))

    async def _read_again(self, case: Case, command: PutBackRequested) -> tuple[Case, PutBackRequested]:
        """The case and the command with what is read now. Raises `Refused`."""
        containment = case.containment
        if self._responders is None or containment is None or command.step not in containment.can_be_put_back:
            return case, command  # that needs no reads
        wanted = containment.first_to_want_back(command.step)
        first = first_word(wanted.wanted if wanted else None, command.by.id, self._responders)
        account = contained_account(case).person
        (case, reads), privileged = await asyncio.gather(
            self._read(case, command.by, first), or_unknown(self._containment.privileged(account), RIGHTS_WITHIN)
        )
        return case, replace(
            command,
            privileged=privileged is not False,
            first_stands=reads.first_stands,
            gathers=not evidence_is_ready(case, self._clock.now(), self._writer.timing),
        )

    async def _read(self, case: Case, by: TeamsUser, first: FirstWord | None = None) -> tuple[Case, ClickReads]:
        """The case with what is read now: giving back, and answering for what is open, are judged on it as an approval
        is. Raises `Refused`."""
        reads = await read_at_click(self._lookups, case, by.id, self._writer.timing.click_within, first)
        if reads.refusal is not None or isinstance(reads.fresh, Unknown):
            raise Refused(reads.refusal or Refusal.LIST_NOT_READ)
        if await looks_stolen_by_now(self._queries, case):
            raise Refused(Refusal.LATER_CASE)
        with suppress(Refused):  # a case whose details are deleted keeps what it knows
            case = await self._writer.apply_to_latest(case, reads.fresh)
        return case, reads

    async def _command(self, clicked: Clicked, case: Case) -> ByResponder:
        if clicked.verb == "contain_confirm":
            return read_confirmation(clicked.by, clicked.inputs)
        if clicked.verb == "contain_cancel":
            return read_cancelling(clicked.by, clicked.inputs)
        if clicked.verb == "contain_sign":
            return read_signing(clicked.by, clicked.inputs)
        if step := _PUT_BACK.get(clicked.verb):
            return read_putting_back(clicked.by, step, clicked.inputs)
        steps, rules = read_containment(clicked.inputs)
        wanted = await self._wanted(clicked.by, case, steps, rules, read_account(clicked.inputs))
        return replace(wanted, at_once=clicked.verb == "contain_again")

    async def _typed_command(self, by: TeamsUser, words: list[str], case: Case) -> ByResponder:
        if words[0] in ("yes", "no") and len(words) <= 2:
            # A word without the number of the plan that it speaks of is answered with the plan.
            plan = read_case_number(words[1]) if len(words) == 2 else None
            kind = ContainmentConfirmed if words[0] == "yes" else ContainmentCancelled
            return kind(by=by, plan=plan)
        named = [word for word in words if "@" in word]
        words = [word for word in words if word not in named]
        if not words or any(word not in STEP_WORDS for word in words):
            raise Refused(Refusal.NO_STEP_CHOSEN)
        account = next((one.person for one in case.sender.accounts if one.upn.casefold() in named), None)
        if named and account is None:
            raise Refused(Refusal.ACCOUNT_NEEDED)
        every = frozenset(rule.id for rule in rules_to_switch_off(case))
        return await self._wanted(by, case, frozenset(STEP_WORDS[word] for word in words), every, account)

    async def _wanted(
        self,
        by: TeamsUser,
        case: Case,
        steps: frozenset[ContainmentStep],
        rules: frozenset[str],
        chosen: PersonId | None,
    ) -> ContainmentRequested:
        account = account_in(case, chosen)
        if account is None:
            raise Refused(Refusal.ACCOUNT_NEEDED)
        privileged = await or_unknown(self._containment.privileged(account.person), RIGHTS_WITHIN)
        unsure = isinstance(privileged, Unknown)
        return ContainmentRequested(
            by=by, steps=steps, rules=rules, account=account.person, privileged=privileged is True, unsure=unsure
        )

    async def _may_respond(self, by: TeamsUser, case: Case | None = None) -> None:
        """Raises `Refused`. That nobody contains their own account is for the case to say."""
        if self._responders is None:
            raise Refused(Refusal.CONTAINMENT_OFF)
        async with asyncio.TaskGroup() as group:
            standing = group.create_task(_refusal(require_member(self._responders, by, Refusal.NOT_RESPONDER)))
            restricted = group.create_task(_refusal(require_unrestricted(self._lookups, by)))
        if refused := standing.result():
            raise refused
        is_their_own = case is not None and by.id in {case.sender.person, case.sender.account.person}
        if (refused := restricted.result()) and not is_their_own:
            raise refused


async def _refusal(check: Awaitable[None]) -> Refused | None:
    try:
        await check
    except Refused as refused:
        return refused
    return None
