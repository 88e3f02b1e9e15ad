"""The cards of a case where people see them: one current card for the person and one for the approvers; older ones are
collapsed."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cards.approver.approver_card import approver_card
from cards.approver.thread_lines import Told, asks_for_a_decision, line_of_digest, reminder_of_many, told
from cards.notices import collapsed_card, one_line, refused_card, thread_card
from cards.person.end_card import end_card
from cards.person.joined_card import card_for
from cards.person.trouble_card import joiner_card
from cards.status_head import status_word
from cards.view import View
from dialogs.casework.digest import DigestCards
from dialogs.casework.notifying import NotifyingPosts
from dialogs.casework.refused_cards import Refusals
from dialogs.casework.standing_lines import StandingLines
from dialogs.casework.views import Views
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.involved import spoken_to
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Verb
from services.domain.people import PersonId
from services.domain.trouble.trouble import Report
from services.domain.unknown import UnknownReason
from services.ports.errors import CardRefused, ChannelRefuses, Unavailable, Unreachable
from services.ports.storage import Audience, OutboxTask, PostedCards, Settles, Storage
from services.ports.teams import ConversationRef, Posted, Teams


class CaseCards:
    """Posts, updates and collapses the cards of cases."""

    def __init__(
        self,
        *,
        storage: Storage,
        teams: Teams,
        views: Views,
    ) -> None:
        self._conversations, self._cards, self._queries = storage.conversations, storage.cards, storage.queries
        self._cases = storage.cases
        self._messenger, self._installer = teams.messenger, teams.installer
        self._notifying = NotifyingPosts(teams)
        self._digest_cards = DigestCards(
            storage=storage, messenger=teams.messenger, notifying=self._notifying, views=views
        )
        self._views = views
        self._lines = StandingLines(storage=storage, messenger=teams.messenger, views=views)
        self._refusals = Refusals()

    def view(self, locale: str, notice: str = "") -> View:
        """How a reader of that locale sees things now."""
        return self._views.of(locale, notice)

    async def is_approvals_channel(self, conversation: ConversationRef) -> bool:
        """Whether that is the approvals channel."""
        channel = await self._conversations.channel()
        return channel is not None and channel.id == conversation.id

    async def refused_card(self, case: Case, conversation: ConversationRef, notice: str) -> Card:
        """The refusal, on the card they can see anyway; elsewhere the sentence alone, which tells nothing."""
        if case.request.sent_at and await self.is_approvals_channel(conversation):
            return approver_card(case, self.view(conversation.locale, notice))
        return one_line(notice)

    async def channel(self) -> ConversationRef | None:
        """The approvals channel, if there is one."""
        return await self._conversations.channel()

    async def post(self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None) -> None:
        """A message that belongs to no case. Raises `Unavailable`, `Unreachable`."""
        await self._messenger.post(conversation, card, summary, thread=thread)

    async def make_reachable(self, case: Case) -> None:
        """Bring the bot to a person who never wrote to it: the watch found them, or an approver asked for them.

        Raises `Unavailable`, `Unreachable`."""
        person = spoken_to(case)
        did_not_ask = case.contact.contacted_first or case.request.requested_by is not None
        if not did_not_ask or await self._conversations.person(person) is not None:
            return
        channel = await self._channel()
        chat = await self._installer.chat_with(person)
        await self._conversations.remember(person, ConversationRef(id=chat, service_url=channel.service_url))

    async def update_person_card(self, case: Case, task: OutboxTask | None = None) -> bool:
        """Update the person's current card; post it where there is none yet. Returns whether the task that asked for it
        is completed: not where something is left to do. Raises `Unavailable`, `Unreachable`."""
        conversation = await self._conversation_of(case)
        return await self._show(case, Audience.PERSON, conversation, repost=False, task=task)

    async def post_first(self, case: Case, conversation: ConversationRef, task: OutboxTask) -> bool:
        """Post the first card of a case in the chat of its person, and complete the task with its record. Returns
        `False` where something is left to do: the case changed meanwhile. Raises `Unavailable`, `Unreachable`."""
        view = self.view(conversation.locale)
        place = _Place(conversation=conversation, here=None, summary=_summary(case, Audience.PERSON, view), but=None)
        drawn = card_for(case, spoken_to(case), view)
        posted = await self._put_or_short(case, Audience.PERSON, drawn, place, view)
        if posted is None:
            return False
        settles = Settles(task=task, shown=case.version)
        return (await self._cards.record(case.number, Audience.PERSON, posted, settles=settles)).is_settled

    async def notify_person(self, case: Case, draft: str = "") -> None:
        """Post the person's card again at the end of their chat, which is what makes Teams notify them."""
        await self._show(case, Audience.PERSON, await self._conversation_of(case), repost=True, draft=draft)

    async def tell_person(self, case: Case, task: OutboxTask) -> bool:
        """As `notify_person`, for a task. Returns whether it is completed."""
        return await self._show(case, Audience.PERSON, await self._conversation_of(case), repost=True, task=task)

    async def catch_up(self, case: Case, show: Callable[[Case], Awaitable[bool]]) -> Case:
        """Where the case changed while it was shown, another replica may have shown it already: the later card
        must be the one that stays. Returns the case as it was shown in the end."""
        while (present := await self._cases.get(case.number)) and present.version != case.version:
            case = present
            await show(case)
        return case

    async def leave(self, case: Case, person: PersonId) -> None:
        """Whoever took their asking back keeps the card in their chat as it is: it is changed no more."""
        conversation = await self._conversations.person(person)
        shown = await self._cards.shown(case.number, Audience.PERSON)
        if conversation is not None and shown.current and _is_in(shown.current, conversation):
            await self._cards.forget(case.number, shown.current)

    async def tell_joiner(self, case: Case, who: Report) -> None:
        """Tell somebody who joined how the case stands. Raises `Unavailable`, `Unreachable`."""
        conversation = await self._conversations.person(who.person)
        if conversation is None:
            raise Unreachable("no chat with this person is known")
        view = self.view(conversation.locale)
        await self._messenger.post(conversation, joiner_card(case, who, view), status_word(case, "person", view))

    async def tell_end(self, case: Case, person: PersonId) -> None:
        """Tell somebody beside the one who asked how the case ended, once; what comes after that changes the same card.

        Raises `Unavailable`, `Unreachable`."""
        conversation = await self._conversations.person(person)
        if conversation is None:
            return
        view = self.view(conversation.locale)
        card, summary = end_card(case, person, view), status_word(case, "approver", view)
        shown = await self._cards.shown(case.number, Audience.OTHERS)
        told = (one for one in (shown.current, *shown.superseded) if one and _is_in(one, conversation))
        if (before := next(told, None)) and await self._messenger.replace(before, card, summary):
            return
        posted = await self._messenger.post(conversation, card, summary)
        await self._cards.record(case.number, Audience.OTHERS, posted)

    async def update_approvers_card(self, case: Case, task: OutboxTask | None = None) -> bool:
        """Update the approvers' current card. Where there is none yet it is posted, or the case becomes one line of the
        digest where many came at once. Returns whether the task that asked for it is completed."""
        channel = await self._channel()
        shown = await self._cards.shown(case.number, Audience.APPROVERS)
        has_card = shown.current is not None and _is_in(shown.current, channel)
        if has_card or not await self._is_in_digest(case, channel):
            # Else it took time to find out, and somebody may have posted it meanwhile.
            known, notify = shown if has_card else None, _wants_a_decision(case)
            show = self._show(case, Audience.APPROVERS, channel, repost=False, notify=notify, shown=known, task=task)
            if await show:
                return True
            if shown.in_digest:
                await self._digest_cards.refresh(case)
        await self._lines.settle(case, shown.lines)
        return False

    async def repost_approvers_card(self, case: Case, *, notify: bool = False) -> None:
        """Post the approvers' card again at the end of the channel; `notify`: as a request, which mentions them."""
        notify = notify and _wants_a_decision(case)
        await self._show(case, Audience.APPROVERS, await self._channel(), repost=True, notify=notify)

    async def notify_approvers(self, case: Case, event: HistoryEntry) -> None:
        """Post a line below the approvers' card, unless it stopped being true meanwhile."""
        conversation = await self._channel()
        view = self.view(conversation.locale)
        line = told(case, event, view)
        if line is None:
            await self._lines.settle(case)
            return
        cases: Sequence[Case] = (case,)
        current = (await self._cards.shown(case.number, Audience.APPROVERS)).current
        digest = None if current else await self._digest_cards.of(case)
        if digest and (of_all := line_of_digest(event, view)) and case.is_undecided:
            if not await self._digest_cards.speaks_for(case, digest):
                return
            line = of_all
            cases = [one for one in await self._queries.many(digest.cases) if one.is_undecided]
        thread = current or (digest.posted if digest else None)
        inside = thread.activity if thread and _is_in(thread, conversation) else None
        card = thread_card(line.text, view)
        if asks_for_a_decision(case, event):
            but = frozenset(who for who in (case.sender.person, event.who) if who)
            others = event.verb is Verb.MENTION
            posted = await self._notifying.post(
                conversation, card, line.text, view=view, but=but, thread=inside, others=others
            )
        else:
            posted = await self._messenger.post(conversation, card, line.text, thread=inside)
        await self._lines.record(line, cases, posted)

    async def remind_of(self, cases: Sequence[Case]) -> None:
        """One line for several cases that came to the same stop."""
        conversation = await self._channel()
        view = self.view(conversation.locale)
        line = reminder_of_many(cases, view)
        card = thread_card(line.text, view)
        posted = await self._notifying.post(conversation, card, line.text, view=view, but=frozenset())
        await self._lines.record(line, cases, posted)

    async def say(self, line: Told, cases: Sequence[Case], conversation: ConversationRef) -> None:
        """A line of its own about these cases, which is changed once it is true of none of them any more.

        Raises `Unavailable`, `Unreachable`."""
        card = thread_card(line.text, self.view(conversation.locale))
        await self._lines.record(line, cases, await self._messenger.post(conversation, card, line.text))

    async def settle_lines(self, case: Case) -> None:
        """What is true of the case no more is said no more. Raises `Unavailable`."""
        await self._lines.settle(case)

    async def digest_of(self, case: Case, view: View) -> Card | None:
        """The digest that has the case as a line, as this viewer sees it; `None` where there is none."""
        return await self._digest_cards.picture_of(case, view)

    async def refresh_digest(self, case: Case) -> None:
        """Where the case is a line of a digest, that line shows it as it is."""
        with suppress(Unreachable):
            await self._digest_cards.refresh(case)

    async def collapse_all(self, case: Case) -> None:
        """Collapse every card of the case and forget where it was; one that cannot be reached is left to Teams."""
        posted: list[Posted] = []
        for audience in (Audience.PERSON, Audience.APPROVERS, Audience.OTHERS):
            shown = await self._cards.shown(case.number, audience)
            lines = (line.posted for line in shown.lines)
            posted += [one for one in (shown.current, *shown.superseded, *lines) if one is not None]
        for one in posted:
            sentence = self.view(one.conversation.locale).words("card.forgotten", number=str(case.number))
            with suppress(Unreachable):
                await self._messenger.replace(one, one_line(sentence), sentence)
            await self._cards.forget(case.number, one)

    async def _is_in_digest(self, case: Case, channel: ConversationRef) -> bool:
        """Whether a digest shows the case; a digest that Teams does not take shows nothing."""
        try:
            return await self._digest_cards.takes(case, channel)
        except CardRefused as refused:
            self._refusals.refused(case.number, Audience.DIGEST, refused)
            return False

    async def facts_posted(self, case: Case) -> int | None:
        """The number of the facts that the card in the approvals channel shows; `None` if there is no such card."""
        return (await self._cards.shown(case.number, Audience.APPROVERS)).facts

    async def _has_card(self, case: Case, channel: ConversationRef) -> bool:
        current = (await self._cards.shown(case.number, Audience.APPROVERS)).current
        return current is not None and _is_in(current, channel)

    async def was_posted(self, case: Case) -> bool:
        """Whether the approvers saw the case, in whichever channel."""
        shown = await self._cards.shown(case.number, Audience.APPROVERS)
        return shown.current is not None or await self._digest_cards.of(case) is not None

    async def is_shown(self, case: Case) -> bool:
        """Whether the approvals channel shows the case, by itself or in a digest."""
        channel = await self._channel()
        return await self._has_card(case, channel) or await self._digest_cards.is_in(case, channel)

    async def stand_together(self, cases: Sequence[Case]) -> None:
        """One digest for those that the channel does not show, if they are many.

        Raises `Unavailable`, `Unreachable`."""
        channel = await self._channel()
        unseen = [case for case in cases if not await self.is_shown(case)]
        if len(unseen) <= self._views.timing.digest_over:
            return
        await self._digest_cards.gather(unseen, channel)
        for case in unseen:
            elsewhere = (await self._cards.shown(case.number, Audience.APPROVERS)).current
            if elsewhere is not None:
                with suppress(Unavailable):
                    await self._collapse(case, elsewhere, self.view(channel.locale))

    async def _conversation_of(self, case: Case) -> ConversationRef:
        conversation = await self._conversations.person(spoken_to(case))
        if conversation is None:
            # What Teams said when they took the app out says more than that their chat is not kept.
            raise Unreachable(case.contact.unreachable or "no chat with this person is known")
        return conversation

    async def _channel(self) -> ConversationRef:
        conversation = await self._conversations.channel()
        if conversation is None:
            raise ChannelRefuses(UnknownReason.UNREACHABLE, "no approvals channel is set")
        return conversation

    async def _show(
        self,
        case: Case,
        audience: Audience,
        conversation: ConversationRef,
        *,
        repost: bool,
        draft: str = "",
        notify: bool = False,
        shown: PostedCards | None = None,
        task: OutboxTask | None = None,
    ) -> bool:
        """`shown`: where the cards are, if that was just read. Returns whether the task is completed by this."""
        view = replace(self.view(conversation.locale), draft=draft)
        drawn = card_for(case, spoken_to(case), view) if audience is Audience.PERSON else approver_card(case, view)
        facts = case.facts[-1].number if case.facts and audience is Audience.APPROVERS else None
        shown = shown or await self._cards.shown(case.number, audience)
        here = shown.current if shown.current and _is_in(shown.current, conversation) else None
        place = _Place(
            conversation=conversation,
            here=None if repost else here,
            summary=_summary(case, audience, view),
            # A card that is gone from where it was posted was noticed there: it comes back without a sound.
            but=frozenset({case.sender.person}) if notify and (repost or here is None) else None,
        )
        posted = await self._put_or_short(case, audience, drawn, place, view)
        settles = Settles(task=task, shown=case.version) if task else None
        if posted is not None:
            present = await self._cards.record(case.number, audience, posted, facts, settles=settles)
        elif here is not None and (settles or facts != shown.facts):
            present = await self._cards.updated(case.number, audience, here, facts, settles=settles)
        else:
            present = await self._cards.shown(case.number, audience)
        # The card we updated may have been superseded and collapsed meanwhile: then it is collapsed once more.
        for old in dict.fromkeys((*present.superseded, shown.current)):
            if old is not None and old != present.current:
                await self._collapse(case, old, view)
        if posted is not None and present.current is not None and not posted.is_same(present.current):
            # Another replica's card stands below ours: it is the one that has to show what ours showed.
            await self._show(case, audience, conversation, repost=False, draft=draft)
        return present.is_settled

    async def _put_or_short(
        self, case: Case, audience: Audience, card: Card, place: "_Place", view: View
    ) -> Posted | None:
        """As `_put`. Where Teams does not take the card a short one stands in its place: a request must be seen, and
        the old card must not stay. Raises `Unreachable` where that one is refused as well: then it is the place."""
        try:
            posted = await self._put(card, place, view)
        except CardRefused as refused:
            self._refusals.refused(case.number, audience, refused)
            short = refused_card(case, view, for_approver=audience is Audience.APPROVERS)
            try:
                return await self._put(short, place, view)
            except CardRefused as again:
                raise Unreachable(str(again)) from again
        self._refusals.taken(case.number, audience)
        return posted

    async def _put(self, card: Card, place: "_Place", view: View) -> Posted | None:
        """Update the card that is there, or post it; where it was posted, or `None` if it was updated."""
        if place.here is not None and await self._messenger.replace(place.here, card, place.summary):
            return None
        if place.but is None:
            return await self._messenger.post(place.conversation, card, place.summary)
        return await self._notifying.post(place.conversation, card, place.summary, view=view, but=place.but)

    async def _collapse(self, case: Case, old: Posted, view: View) -> None:
        with suppress(Unreachable):  # a chat or channel that is gone shows nothing any more
            await self._messenger.replace(
                old, collapsed_card(case, view), view.words("card.folded", number=str(case.number))
            )
        await self._cards.forget(case.number, old)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a card goes: the message to update, if there is one, else the end of a conversation. `but`: it mentions the
    approvers without these; `None`: it mentions nobody."""

    conversation: ConversationRef
    here: Posted | None
    summary: str
    but: frozenset[PersonId] | None


def _is_in(posted: Posted, conversation: ConversationRef) -> bool:
    """Whether a card lives in this chat or channel; the approvals channel may be another one by now."""
    return posted.conversation.id.partition(";messageid=")[0] == conversation.id


def _wants_a_decision(case: Case) -> bool:
    """Whether its card is a request. What the list monitor found is none until somebody asks."""
    return (case.is_undecided or case.status is Status.REPORTED) and case.request.sent_at is not None


def _summary(case: Case, audience: Audience, view: View) -> str:
    return f"{case.number}: {status_word(case, _speech(audience), view)}"


def _speech(audience: Audience) -> str:
    return "person" if audience is Audience.PERSON else "approver"
