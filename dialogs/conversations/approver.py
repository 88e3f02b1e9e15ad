"""The approver: whether somebody may decide is asked of the directory at every click and every typed command."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from cards.approver.approver_card import approver_card
from cards.approver.asked_reason import asks_for_more, reason_card
from cards.approver.why_waiting import why_waiting_card
from cards.notices import CASES_A_PAGE, cases_card, channel_help_card, one_line, restricted_card
from cards.text import user_text
from cards.view import View
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.channel_return import ChannelReturn
from dialogs.casework.click_reads import first_word, read_at_click
from dialogs.casework.lookups import or_unknown
from dialogs.casework.newest_case import looks_stolen_by_now
from dialogs.casework.refusals import refusal_sentence, refused_view
from dialogs.conversations.approval import Approvals
from dialogs.conversations.approver_buttons import OPEN_CASE, command_of_click, command_of_text
from dialogs.conversations.inbound import Answer, Clicked, ConversationKind, NoReply, Reply, Said
from dialogs.conversations.on_behalf import OnBehalf
from dialogs.conversations.permissions import RIGHTS_WITHIN, require_member, require_unrestricted
from dialogs.conversations.reports import Reports
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.commands.approver import Approved
from services.domain.case.commands.command import FromApprovers
from services.domain.case.deciding import evidence_is_ready
from services.domain.case.involved import is_not_enough_alone, why_not_theirs_to_decide
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import Refusal, Refused
from services.domain.case.workflow import allows
from services.domain.intent import (
    CASES_AFTER,
    AboutCase,
    AboutConnector,
    AboutPeriod,
    AboutSender,
    Command,
    Unclear,
    is_no_decision,
    read_command,
)
from services.domain.limits.change import Stage
from services.domain.limits.commands import LimitsApproved
from services.domain.people import TeamsUser
from services.domain.unknown import Unknown
from services.domain.wishes.topic import Topic
from services.ports.errors import ChangedMeanwhile, DuplicateActivity, Unavailable, Unreachable
from services.ports.storage import ActivityId, Storage

log = logging.getLogger("sendwell.channel")

_ANYWHERE = (Topic.USE_THIS_CHANNEL, Topic.HELP)


class ApproverConversation:
    """The approvers' conversation."""

    def __init__(
        self,
        *,
        approvals: Approvals,
        storage: Storage,
        case_cards: CaseCards,
        on_behalf: OnBehalf,
        channel_return: ChannelReturn,
        reports: Reports,
    ) -> None:
        self._approvals = approvals
        self._writer, self._clock = approvals.writer, approvals.clock
        self._cases, self._queries, self._conversations = storage.cases, storage.queries, storage.conversations
        self._approvers, self._lookups = approvals.approvers, approvals.lookups
        self._case_cards = case_cards
        self._on_behalf = on_behalf
        self._return = channel_return
        self._reports = reports

    async def clicked(self, clicked: Clicked, case: Case) -> Card:
        """A button on the approvers' card; the answer is the case as it is afterwards, for this viewer."""
        locale, until = clicked.conversation.locale, self._clock.now() + self._writer.timing.click_within
        try:
            await self._may_decide(clicked.by)
        except Refused as refused:
            return await self._case_cards.refused_card(case, clicked.conversation, self._sentence(refused, locale))
        if clicked.verb == OPEN_CASE:
            return await self._opened(case, locale)
        try:
            case = await self._decided(case, command_of_click(clicked), clicked.activity, until)
        except Refused as refused:
            present = await self._cases.get(case.number) or case
            view = refused_view(refused, clicked.verb, clicked.inputs, self._case_cards.view(locale))
            return approver_card(present, view)
        except DuplicateActivity:
            case = await self._cases.get(case.number) or case
        return approver_card(case, self._case_cards.view(locale))

    async def may_decide(self, by: TeamsUser) -> bool:
        """Whether they may decide; `False` where the directory cannot say just now."""
        try:
            await self._may_decide(by)
        except Refused:
            return False
        return True

    async def typed(self, said: Said, wish: Command) -> Answer:
        """A typed command, through the same checks as a click.

        Raises:
            Refused: it was not done.
        """
        until = self._clock.now() + self._writer.timing.click_within
        await self._may_decide(said.by)
        if (
            said.kind is ConversationKind.CHANNEL
            and wish not in _ANYWHERE
            and not await self._case_cards.is_approvals_channel(said.conversation)
        ):
            raise Refused(Refusal.ELSEWHERE)  # whoever reads along there need not be an approver
        view = self._case_cards.view(said.conversation.locale)
        if isinstance(wish, Unclear):
            return Reply.saying(view.words("refusal.unclear", verb=wish.verb))
        if isinstance(wish, AboutCase):
            return await self._about_case(said, wish, until)
        if isinstance(wish, AboutSender | AboutConnector):
            return await self._asked_for(said, wish)
        if wish is Topic.USE_THIS_CHANNEL:
            return await self._use_channel(said)
        return Reply(card=await self._told(said, wish, view), summary=view.words("app.name"))

    async def _told(self, said: Said, wish: Topic | AboutPeriod, view: View) -> Card:
        """What was asked about no single case."""
        if isinstance(wish, AboutPeriod):
            return await self._reports.of(wish.days, view)
        if wish is Topic.CASES:
            return await self._open_cases(view)
        if wish is Topic.RESTRICTED:
            return await self._restricted(said)
        if wish is Topic.DOCTOR and (card := await self._reports.of_health(view)):
            return card
        if wish is Topic.EXPORT:
            return one_line(view.words("answer.export"))
        return channel_help_card(view, unknown="" if read_command(said.text) else said.text.strip())

    async def _open_cases(self, view: View, after: CaseNumber | None = None) -> Card:
        cases = await self._queries.open_cases(after, CASES_A_PAGE)
        return cases_card(cases, view, count=await self._queries.count_open(after), after=after)

    async def _about_case(self, said: Said, wish: AboutCase, until: datetime) -> Answer:
        if wish.verb == CASES_AFTER:
            view = self._case_cards.view(said.conversation.locale)
            card = await self._open_cases(view, CaseNumber(wish.number))
            return Reply(card=card, summary=view.words("app.name"))
        case = await self._cases.get(CaseNumber(wish.number))
        if case is None or (case.request.sent_at is None and case.contact.found_by_monitor_at is None):
            raise Refused(Refusal.NO_SUCH_CASE)
        if wish.verb == "why":
            view = self._case_cards.view(said.conversation.locale)
            return Reply(card=why_waiting_card(case, view), summary=view.words("case.number", number=str(case.number)))
        if wish.verb != "case" and (wish.text or wish.verb != "limits"):
            facts = None
            try:
                command = command_of_text(said.by, wish)
                if isinstance(command, Approved | LimitsApproved) and _waits_for(command, case):
                    facts = await self._facts_posted(case, said.by)
                    command = replace(command, facts=facts)
                case = await self._decided(case, command, said.activity, until)
            except Refused as refused:
                return self._asked_reason(case, said, wish, refused, facts) or await self._shown_with(
                    case, said, refused
                )
        if is_no_decision(said.text):
            return await self._shown_with(case, said, Refused(Refusal.IN_DOUBT))
        return await self._shown(case, said)

    async def _facts_posted(self, case: Case, by: TeamsUser) -> int:
        """The number of the facts that the channel shows: a typed command speaks of those, and not of what was found
        since. Where it shows none the card is posted, and `Refused` raised."""
        number = await self._case_cards.facts_posted(case)
        if number is None and by.id == case.sender.person:
            raise Refused(Refusal.OWN_CASE)
        if number is None:
            with suppress(Unavailable, Unreachable):
                await self._case_cards.repost_approvers_card(case)
            raise Refused(Refusal.NOT_SHOWN)
        return number

    async def _decided(self, case: Case, command: FromApprovers, activity: ActivityId, until: datetime) -> Case:
        """The case after the command. An approval waits for what it is judged on until then."""
        left = min(max(until - self._clock.now(), timedelta()), self._writer.timing.click_within)
        if isinstance(command, Approved):
            return await self._approvals.take(case, command, activity, left)
        if isinstance(command, LimitsApproved):
            return await self._limits_approved(case, command, activity, left)
        if why_not_theirs_to_decide(case, command.by.id) is not Refusal.OWN_CASE:  # that is for the case to say
            await require_unrestricted(self._lookups, command.by)
        return await self._writer.apply_for_user(case, command, activity)

    async def _limits_approved(
        self, case: Case, command: LimitsApproved, activity: ActivityId, left: timedelta
    ) -> Case:
        """The case after an approval of other limits, judged as an unblock is. Raises `Refused`."""
        change = case.limit_change
        if change is None or change.stage is not Stage.PROPOSED:  # that needs no reads
            return await self._writer.apply_for_user(case, command, activity)
        first = first_word(change.requested, command.by.id, self._approvers)
        reads, alone = await asyncio.gather(
            read_at_click(self._lookups, case, command.by.id, left, first), self._is_alone(case, command.by)
        )
        if reads.refusal is not None or isinstance(reads.fresh, Unknown):
            raise Refused(reads.refusal or Refusal.LIST_NOT_READ)
        if await looks_stolen_by_now(self._queries, case):
            raise Refused(Refusal.NOT_HONEST)
        fresh, gathers = reads.fresh, not evidence_is_ready(case, self._clock.now(), self._writer.timing)
        # Whom a group lets send from the mailbox is not enough alone, whoever else there is.
        alone = alone and not is_not_enough_alone(case, command.by.id)
        command = replace(
            command, by_sole_approver=alone, fresh=fresh, requester_stands=reads.first_stands, gathers=gathers
        )
        try:
            return await self._writer.apply_for_user(case, command, activity)
        except Refused as refused:
            if refused.worse:  # the card is to show it; drawn anew for nothing, it would cost the reader the sentence
                with suppress(ChangedMeanwhile, Refused):  # then somebody else decided
                    await self._writer.apply_to_latest(case, fresh)
            raise

    async def _is_alone(self, case: Case, by: TeamsUser) -> bool:
        """Whether the directory knows nobody else who could be the second approver; not, where it cannot say."""
        anybody = await or_unknown(self._approvers.anybody_but(by.id), RIGHTS_WITHIN)
        return anybody is False

    async def _asked_for(self, said: Said, wish: AboutSender | AboutConnector) -> Answer:
        if isinstance(wish, AboutSender) and wish.verb == "history":
            return await self._on_behalf.history(said, wish)
        await require_unrestricted(self._lookups, said.by)
        ask = self._on_behalf
        found = await (ask.connector(said, wish) if isinstance(wish, AboutConnector) else ask.typed(said, wish))
        if isinstance(found, Reply):
            return found
        case, is_new = found
        if is_new and await self._case_cards.is_approvals_channel(said.conversation):
            return NoReply.CARD_FOLLOWS
        return await self._shown(case, said)

    def _asked_reason(
        self, case: Case, said: Said, wish: AboutCase, refused: Refused, facts: int | None
    ) -> Answer | None:
        """The form for the reason or the word that a command lacks, once nothing else stands against it."""
        if not asks_for_more(wish.verb, refused.refusal):
            return None
        view = self._case_cards.view(said.conversation.locale)
        card = reason_card(case, wish.verb, view, facts=facts)
        return Reply(card=card, summary=view.words("case.number", number=str(case.number)))

    async def _shown_with(self, case: Case, said: Said, refused: Refused) -> Answer:
        """A yes that does not name the present plan is answered with it, and a decision that is none with the card that
        takes one; any other refusal is raised."""
        if refused.refusal not in (Refusal.PLAN_CHANGED, Refusal.IN_DOUBT):
            raise refused
        if await self._case_cards.is_approvals_channel(said.conversation):
            await self._case_cards.repost_approvers_card(case)
            raise refused
        view = self._case_cards.view(said.conversation.locale, self._sentence(refused, said.conversation.locale))
        return Reply(card=approver_card(case, view), summary=view.words("case.number", number=str(case.number)))

    async def _shown(self, case: Case, said: Said) -> Answer:
        """In the approvals channel the case's own card is posted again; elsewhere a card is the answer."""
        if await self._case_cards.is_approvals_channel(said.conversation):
            await self._case_cards.repost_approvers_card(case)
            return NoReply.CARD_FOLLOWS
        view = self._case_cards.view(said.conversation.locale)
        return Reply(card=approver_card(case, view), summary=view.words("case.number", number=str(case.number)))

    async def _opened(self, case: Case, locale: str) -> Card:
        """Chosen on a digest: the case's own card comes to the end of the channel."""
        if case.request.sent_at is None:
            return one_line(self._case_cards.view(locale).words("refusal.no_such_case"))
        await self._case_cards.repost_approvers_card(case)
        view = self._case_cards.view(locale)
        notice = view.words("answer.opened", number=str(case.number))
        return await self._case_cards.digest_of(case, replace(view, notice=notice)) or one_line(notice)

    async def _restricted(self, said: Said) -> Card:
        """Both lists at once; one that cannot be read costs a line."""
        async with asyncio.TaskGroup() as group:
            senders = group.create_task(or_unknown(self._lookups.lists.senders.restricted(), RIGHTS_WITHIN))
            connectors = group.create_task(or_unknown(self._lookups.lists.connectors.restricted(), RIGHTS_WITHIN))
        return restricted_card(senders.result(), connectors.result(), self._case_cards.view(said.conversation.locale))

    async def _use_channel(self, said: Said) -> Answer:
        """Posting the answer is the proof that requests can be posted there: a bot reads along in a private channel,
        but may not write there."""
        view = self._case_cards.view(said.conversation.locale)
        if said.kind is not ConversationKind.CHANNEL:
            return Reply.saying(view.words("refusal.channel_only"))
        await require_unrestricted(self._lookups, said.by)
        sentence, thread = view.words("answer.channel_set"), said.activity.conversation_id.partition(";messageid=")[2]
        try:
            await self._case_cards.post(said.conversation, one_line(sentence), sentence, thread=thread or None)
        except Unreachable as refused:
            await self._cannot_use(said.by, str(refused))
            return NoReply.SAID_ALREADY
        await self._conversations.use_channel(said.conversation)
        await self._return.back()
        for case in await self._queries.open_cases():
            if case.request.sent_at is not None:
                with suppress(Unavailable, Unreachable):  # each next change shows it anyway
                    await self._case_cards.update_approvers_card(case)
        return NoReply.SAID_ALREADY

    async def _cannot_use(self, by: TeamsUser, error: str) -> None:
        """Say so in their own chat; where there is none, nobody can be told anything."""
        conversation = await self._conversations.person(by.id)
        if conversation is None:
            log.warning("a channel was named where Sendwell cannot post: %s", error)
            return
        view = self._case_cards.view(conversation.locale)
        sentence = view.words("answer.channel_refused", error=user_text(error, 120))
        with suppress(Unavailable, Unreachable):
            await self._case_cards.post(conversation, one_line(sentence), sentence)

    async def _may_decide(self, by: TeamsUser) -> None:
        await require_member(self._approvers, by, Refusal.NOT_APPROVER)

    def _sentence(self, refused: Refused, locale: str) -> str:
        return refusal_sentence(refused, self._case_cards.view(locale))


def _waits_for(command: Approved | LimitsApproved, case: Case) -> bool:
    """Whether the case has something that the command could approve."""
    if isinstance(command, LimitsApproved):
        return case.limit_change is not None and case.limit_change.stage is Stage.PROPOSED
    return allows(case.status, command.actor, command.verb)
