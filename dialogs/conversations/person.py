"""The person: look first, talk second; then secure, send, ask, withdraw."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from cards.notices import Checked, collapsed_card, not_restricted_card, one_line
from cards.person.joined_card import card_for
from cards.person.person_card import person_card
from cards.text import hour
from cards.view import View
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.first_cards import FirstCards
from dialogs.casework.look_result import keys_of, look_result, mailbox_asked_for, right_unread
from dialogs.casework.lookups import Look
from dialogs.casework.own_checks import Own, OwnChecks
from dialogs.casework.pause import Pauses
from dialogs.casework.refusals import refusal_sentence, refused_view
from dialogs.conversations.inbound import Answer, Clicked, ConversationKind, NoReply, Reply, Said
from dialogs.conversations.person_buttons import PersonButtons, command_of_joined
from dialogs.conversations.trouble import TroubleConversation
from services.domain.bounce.bounce import Bounce, read_bounce
from services.domain.bounce.whose import Whose, whose
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.commands.person import Joined, StepsWanted, Withdrew
from services.domain.case.creation import created_by_person, first_case
from services.domain.case.history import Reached, SenderHistory
from services.domain.case.involved import askers, has_withdrawn, spoken_to
from services.domain.case.parts import CaseNumber, Sender
from services.domain.case.status import Status
from services.domain.case.transition import Refusal, Refused
from services.domain.case.untold import is_untold
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.checks.checks import OwnReads
from services.domain.delivery.due import lists_returned
from services.domain.evidence.report import HISTORY_OVER
from services.domain.people import Person, PersonId, TeamsUser
from services.domain.proofs.shared_mailbox import Holder
from services.domain.unknown import Unknown, UnknownReason
from services.ports.askers import Asker, readable
from services.ports.errors import ChangedMeanwhile, DuplicateActivity
from services.ports.storage import Opening, Storage

ANSWER_WITHIN = timedelta(seconds=2)
"""How long a person waits before the card says "still looking"."""


_SENDING = ("send", "tell")


_Draft: TypeAlias = Callable[[SenderHistory, datetime], Case]
"""The case that somebody's words open, by what is known of earlier ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What somebody wants to know: of their own mailbox, where none is named. `own`: what is being read beside it."""

    said: Said
    bounce: Bounce | None = None
    mailbox: str = ""
    own: Own | None = None


class PersonConversation:
    """The person's conversation."""

    def __init__(
        self,
        *,
        storage: Storage,
        buttons: PersonButtons,
        troubles: TroubleConversation,
        case_cards: CaseCards,
        first_cards: FirstCards,
        checks: OwnChecks,
    ) -> None:
        self._askers, self._first_cards = storage.askers, first_cards
        self._writer, self._lookups, self._clock = troubles.writer, troubles.lookups, troubles.clock
        self._cases, self._queries = storage.cases, storage.queries
        self._pauses = Pauses(storage.cases, troubles.writer.timing.ask_again_after)
        self._buttons, self._checks = buttons, checks
        self._troubles = troubles
        self._case_cards = case_cards

    async def asker(self, said: Said) -> Asker:
        """All that is known of whoever wrote, from one read for all of the turn."""
        if said.asker is not None:
            return said.asker
        since = self._clock.now() - HISTORY_OVER
        return await self._askers.of(said.by.id, said.conversation, said.activity, since)

    async def asked(self, said: Said, within: timedelta = ANSWER_WITHIN) -> Answer:
        """Any words: show the open case, or look."""
        asker = await self.asker(said)
        if asker.was_processed:
            return NoReply.SAID_ALREADY
        if said.asker is None:  # the chat of whoever clicked is stored by now
            said = replace(said, asker=asker.stored())
        bounce = read_bounce(said.text)
        case = readable(asker.open)
        if case and (meant := await self._mailbox_meant(said.by, bounce, case.sender.addresses)):
            return await self.asked_for(said, meant)
        if case:
            if case.sender.person != said.by.id or has_withdrawn(case, said.by.id):
                return await self._join(case, said)
            # Whoever was asked something types the answer: it stands in the reply box, to be sent with one click.
            draft = said.text if case.status is Status.NEEDS_INFO and len(said.text) <= TEXT_AT_MOST else ""
            await self._case_cards.notify_person(await self._spoke(case, said), draft)
            return NoReply.CARD_FOLLOWS
        if until := self._pauses.after(readable(asker.last), self._clock.now()):
            view = self._case_cards.view(said.conversation.locale)
            return Reply.saying(view.words("refusal.too_soon", when=hour(until)))
        return await self._look(said, bounce, within=within)

    async def asked_for(self, said: Said, mailbox: str) -> Answer:
        """About a mailbox that is not their own: show that open case, or look."""
        if said.asker.was_processed if said.asker else await self._cases.was_processed(said.activity):
            return NoReply.SAID_ALREADY
        if case := await self._cases.open_of(*_asker(said, mailbox).mailbox_keys):
            await self._case_cards.notify_person(await self._spoke(case, said))
            return NoReply.CARD_FOLLOWS
        return await self._look(said, read_bounce(said.text), mailbox)

    async def owns(self, by: TeamsUser, address: str) -> bool:
        """Whether the address is one of their own; `False` where the directory cannot say just now."""
        look = await self._lookups.look(by.id, ANSWER_WITHIN)
        return isinstance(look.person, Person) and address in {one.casefold() for one in look.person.addresses}

    async def asks_in(self, person: TeamsUser, number: int) -> bool:
        """Whether a case is one that they ask in themselves: then they hear what its person hears."""
        case = await self._cases.get(CaseNumber(number))
        return case is not None and person.id in (case.sender.person, *askers(case))

    async def status(self, said: Said) -> Answer:
        """The newest case as it is now."""
        view = self._case_cards.view(said.conversation.locale)
        case = await self._cases.latest_of(said.by.id)
        if case is None:
            return Reply.saying(view.words("answer.no_case"))
        if said.by.id == spoken_to(case):
            await self._case_cards.notify_person(await self._spoke(case, said))
            return NoReply.CARD_FOLLOWS
        return _shown_to(said.by.id, case, view)

    async def _spoke(self, case: Case, said: Said) -> Case:
        """The case of somebody whom we wrote to first, and who writes by now: what follows is no message that they did
        not ask for."""
        if not case.contact.contacted_first or case.sender.person != said.by.id:
            return case
        with suppress(Refused, DuplicateActivity):
            return await self._writer.apply_for_user(case, StepsWanted(), said.activity)
        return case

    async def withdraw(self, said: Said) -> Answer:
        """Take back the open request, by words."""
        if await self._cases.was_processed(said.activity):
            return NoReply.SAID_ALREADY
        view = self._case_cards.view(said.conversation.locale)
        case = await self._cases.open_of(said.by.id)
        if case is None or said.by.id not in askers(case):
            case = await self._cases.latest_of(said.by.id)
        if case is None or case.status.is_ended or said.by.id not in askers(case):
            return Reply.saying(view.words("say.nothing_to_withdraw"))
        try:
            by = None if said.by.id == case.sender.person else said.by
            case = await self._writer.apply_for_user(case, Withdrew(by=by, typed=True), said.activity)
        except Refused as refused:
            return Reply.saying(refusal_sentence(refused, view))
        except DuplicateActivity:
            return NoReply.CARD_FOLLOWS
        return await self._after_withdrawing(case, said, view)

    async def _after_withdrawing(self, case: Case, said: Said, view: View) -> Answer:
        """The card of a case that has ended follows; one that goes on without them is theirs no more."""
        if case.status.is_ended:
            return NoReply.CARD_FOLLOWS
        await self._case_cards.leave(case, said.by.id)
        return _shown_to(said.by.id, case, view)

    async def clicked(self, clicked: Clicked, case: Case) -> Card:
        """A button on the person's card; the answer is the case as it is afterwards."""
        locale = clicked.conversation.locale
        if case.trouble and case.sender.person != clicked.by.id and case.trouble.of(clicked.by.id):
            return await self._troubles.joiner_clicked(clicked, case)
        if case.sender.person != clicked.by.id or has_withdrawn(case, clicked.by.id):
            return await self._clicked_by_another(clicked, case)
        try:
            if clicked.verb == "again":
                return await self._again(case, clicked)
            if clicked.verb == "returned":
                return await self._returned(case, locale)
            if clicked.verb in _SENDING:
                await self._may_send(case)
            case = await self._writer.apply_for_user(
                case, await self._buttons.command_of(case, clicked), clicked.activity
            )
        except Refused as refused:
            return await self._refused(case, refused, clicked)
        except DuplicateActivity:
            case = await self._cases.get(case.number) or case
        return await self._left_with(clicked.by.id, case, self._case_cards.view(locale))

    async def _left_with(self, person: PersonId, case: Case, view: View) -> Card:
        """What they see after their click."""
        if has_withdrawn(case, person):
            await self._case_cards.leave(case, person)
        return card_for(case, person, view)

    async def _clicked_by_another(self, clicked: Clicked, case: Case) -> Card:
        """Who joined may answer what they are asked, and take back what they asked for."""
        view, who = self._case_cards.view(clicked.conversation.locale), clicked.by.id
        if who not in askers(case):
            return card_for(case, who, view) if has_withdrawn(case, who) else one_line(_not_theirs(view))
        try:
            command = command_of_joined(clicked)
            case = await self._writer.apply_for_user(case, command, clicked.activity)
        except Refused as refused:
            present = await self._cases.get(case.number) or case
            return card_for(present, who, refused_view(refused, clicked.verb, clicked.inputs, view))
        except DuplicateActivity:
            case = await self._cases.get(case.number) or case
        return await self._left_with(who, case, view)

    async def _returned(self, case: Case, locale: str) -> Card:
        """The same card with the person's own messages that came back: for who clicks, and kept nowhere."""
        if not lists_returned(case):
            raise Refused(Refusal.NOT_NOW)
        found = await self._buttons.returned(case, self._writer.timing.click_within)
        return person_card(case, replace(self._case_cards.view(locale), returned=found))

    async def reported(self, clicked: Clicked) -> Card:
        """The button that tells the admins of a trouble. The list is read first: who is on it by now has a restriction,
        and that goes first."""
        view = self._case_cards.view(clicked.conversation.locale)
        if await self._cases.was_processed(clicked.activity):
            return one_line(view.words("answer.trouble_told_already"))
        look = await self._troubles.look(clicked.by)
        if look.restriction is None or isinstance(look.restriction, Unknown):
            return await self._troubles.reported(clicked, look)
        said = Said(
            by=clicked.by, text="", kind=clicked.kind, conversation=clicked.conversation, activity=clicked.activity
        )
        answer = await self.asked(said)
        return answer.card if isinstance(answer, Reply) else one_line(view.words("answer.restricted_by_now"))

    async def _may_send(self, case: Case) -> None:
        """What reaches the approvers is bounded, by who asks and by what for: who is asked too often stops looking.
        After a denial there is a pause, by whichever address the mailbox was asked for."""
        if until := await self._pauses.until_sent(case, self._clock.now()):
            raise Refused(Refusal.TOO_SOON, until=until)
        if case.request.sent_at or case.request.admins_told_at:
            return  # it has reached them
        if await self._is_enough(case.sender.person, case):
            raise Refused(Refusal.TOO_MANY)

    async def _is_enough(self, person: PersonId, case: Case) -> bool:
        day = await self._reached(person, case.sender.mailbox_keys)
        return day.is_enough(self._writer.timing.requests_a_day)

    async def _reached(self, person: PersonId, mailbox: Sequence[str]) -> Reached:
        return await self._queries.reached(person, self._clock.now() - timedelta(days=1), mailbox)

    async def _refused(self, case: Case, refused: Refused, clicked: Clicked) -> Card:
        present, view = await self._cases.get(case.number) or case, self._case_cards.view(clicked.conversation.locale)
        return person_card(present, refused_view(refused, clicked.verb, clicked.inputs, view))

    async def _again(self, case: Case, clicked: Clicked) -> Card:
        """A new look after an ended case; the new case has a card of its own."""
        view = self._case_cards.view(clicked.conversation.locale)
        if await self._cases.was_processed(clicked.activity):
            return collapsed_card(case, view)
        keys = case.sender.mailbox_keys
        if not case.status.is_ended or await self._cases.open_of(*keys):
            raise Refused(Refusal.NOT_NOW)
        if until := await self._pauses.until(keys, self._clock.now()):
            raise Refused(Refusal.TOO_SOON, until=until)
        said = Said(
            by=clicked.by, text="", kind=clicked.kind, conversation=clicked.conversation, activity=clicked.activity
        )
        answer = await self._look(said, None, case.sender.mailbox_address)
        return answer.card if isinstance(answer, Reply) else collapsed_card(case, view)

    async def looked_again(self, clicked: Clicked) -> Card:
        """The button that looks once more: a click may wait for longer than words."""
        view = self._case_cards.view(clicked.conversation.locale)
        if clicked.kind is not ConversationKind.PERSONAL:
            return one_line(view.words("refusal.not_understood"))
        said = Said(
            by=clicked.by, text="", kind=clicked.kind, conversation=clicked.conversation, activity=clicked.activity
        )
        answer = await self.asked(said, self._writer.timing.click_within)
        return answer.card if isinstance(answer, Reply) else one_line(view.words("say.below"))

    async def _look(
        self, said: Said, bounce: Bounce | None, mailbox: str = "", within: timedelta = ANSWER_WITHIN
    ) -> Answer:
        """The look; and where no bounce tells why, what can be looked up of their own account, beside it."""
        if bounce or mailbox:
            return await self._looked_up(_Question(said=said, bounce=bounce, mailbox=mailbox), within)
        async with self._checks.beside(said.by.id, within) as own:
            return await self._looked_up(_Question(said=said, own=own), within)

    async def _looked_up(self, question: _Question, within: timedelta) -> Answer:
        said, bounce, mailbox = question.said, question.bounce, question.mailbox
        look = await self._lookups.look(said.by.id, within, mailbox)
        if isinstance(look.person, Unknown):
            return await self._keep_looking(said, bounce, look.person, mailbox)
        view = self._case_cards.view(said.conversation.locale)
        if look.person is None or look.person.guest:
            return Reply.saying(view.words("answer.guest" if look.person else "answer.no_person"))
        if mailbox in {address.casefold() for address in look.person.addresses}:
            return await self.asked(said)
        if not mailbox and (meant := await self._mailbox_meant(said.by, bounce, look.person.addresses)):
            return await self.asked_for(said, meant)
        return await self._looked(question, look, look.person)

    async def _looked(self, question: _Question, look: Look, person: Person) -> Answer:
        """What the look says of the mailbox: their own, or the one that they asked for."""
        said, bounce, mailbox = question.said, question.bounce, question.mailbox
        view = self._case_cards.view(said.conversation.locale)
        if mailbox and not isinstance(look.mailbox, Unknown) and mailbox_asked_for(look, person) is None:
            return Reply.saying(view.words("answer.not_your_mailbox", address=mailbox))
        keys = keys_of(look, _asker(said, mailbox))
        unread = mailbox if right_unread(look, person) else ""
        if mailbox and (answer := await self._of_that_mailbox(said, keys, unread)):
            return answer
        if isinstance(look.restriction, Unknown):
            return await self._keep_looking(said, bounce, look.restriction, mailbox)
        if look.restriction is None and unread:
            return Reply.saying(view.words("answer.right_unread", address=mailbox))
        if look.restriction is None and (answer := await self._troubles.heard(said, bounce)):
            return answer
        if look.restriction is None:
            asked_for = mailbox_asked_for(look, person) or person
            checked = Checked(
                addresses=asked_for.addresses,
                read_at=look.read_at,
                mailbox=mailbox,
                own=await question.own if question.own else _own_right(look, person),
            )
            card = not_restricted_card(checked, bounce, view)
            return Reply(card=card, summary=view.words("answer.not_restricted"))
        listed, watch_for = look.restriction, self._writer.timing.watch_for

        def case(history: SenderHistory, now: datetime) -> Case:
            found = look_result(look, person, listed, history, now, watch_for=watch_for)
            return first_case(said.by, history, now, look=found, bounce=bounce, mailbox_address=mailbox)

        return await self._open(case, said, keys)

    async def _mailbox_meant(self, by: TeamsUser, bounce: Bounce | None, own: Collection[str]) -> str:
        """The mailbox whose message came back, if it is not the person's own and they may send from it; else empty."""
        if bounce is None or bounce.sender is None or whose(bounce, own) is not Whose.SOMEBODY_ELSES:
            return ""
        look = await self._lookups.look(by.id, ANSWER_WITHIN, bounce.sender)
        theirs = isinstance(look.person, Person) and mailbox_asked_for(look, look.person) is not None
        return bounce.sender if theirs else ""

    async def _keep_looking(self, said: Said, bounce: Bounce | None, unknown: Unknown, mailbox: str) -> Answer:
        """A source that is merely slow goes on being asked; one that failed is named. For a mailbox that is not known
        to be theirs only so many at once: each is asked for again and again."""
        if mailbox:
            reached = await self._reached(said.by.id, _asker(said, mailbox).mailbox_keys)
            if reached.open_cases >= self._writer.timing.requests_a_day:
                view = self._case_cards.view(said.conversation.locale)
                return Reply.saying(view.words("answer.too_many_open"))
        why = None if unknown.reason is UnknownReason.TIMED_OUT else unknown.reason

        def case(history: SenderHistory, now: datetime) -> Case:
            return first_case(said.by, history, now, look_failed=why, bounce=bounce, mailbox_address=mailbox)

        return await self._open(case, said, _asker(said, mailbox).mailbox_keys)

    async def _of_that_mailbox(self, said: Said, keys: Sequence[str], unread: str) -> Answer | None:
        """The answer where the mailbox has an open case, or a pause after a denial, by whichever address it was asked
        for then; `None` where it has neither. `unread`: see `_join`."""
        if case := await self._cases.open_of(*keys):
            if case.sender.person != said.by.id or has_withdrawn(case, said.by.id):
                return await self._join(case, said, unread)
            await self._case_cards.notify_person(case)
            return NoReply.CARD_FOLLOWS
        if until := await self._pauses.until(keys, self._clock.now()):
            view = self._case_cards.view(said.conversation.locale)
            return Reply.saying(view.words("refusal.too_soon", when=hour(until)))
        return None

    async def _join(self, case: Case, said: Said, unread: str = "") -> Answer:
        """Somebody else asked about this mailbox first. Who asks now is told that it is in hand, and no more; not even
        that where nobody could read whether they may send from it. `unread`: the address that they asked for then."""
        view = self._case_cards.view(said.conversation.locale)
        if unread:
            return Reply.saying(view.words("answer.right_unread", address=unread))
        if said.by.id == spoken_to(case):  # the others have taken back what they asked for
            await self._case_cards.notify_person(case)
            return NoReply.CARD_FOLLOWS
        if until := await self._pauses.until_sent(case, self._clock.now()):
            return Reply.saying(view.words("refusal.too_soon", when=hour(until)))
        if case.status is Status.SECURING and await self._is_enough(said.by.id, case):  # it would be sent by that
            return Reply.saying(view.words("refusal.too_many"))
        try:
            await self._writer.apply_for_user(case, Joined(by=said.by), said.activity)
        except Refused:
            pass  # they ask in it already, or it ended in this moment
        except DuplicateActivity:
            return NoReply.SAID_ALREADY
        return Reply.saying(view.words("answer.joined", number=str(case.number)))

    async def _history_of(self, person: TeamsUser, mailbox: Sequence[str]) -> SenderHistory:
        return await self._queries.history_of(person.id, self._clock.now() - HISTORY_OVER, mailbox)

    async def _open(self, draft: _Draft, said: Said, keys: Sequence[str]) -> Answer:
        """Save the case; its card is the answer, so there is no other. The history that was read when the turn began
        will do for somebody's own mailbox, as long as its mark is still that of all the mailbox's keys."""
        known = said.asker if said.by.id in keys else None
        history = readable(known.history) if known else await self._history_of(said.by, keys)
        now = self._clock.now()
        case, held = draft(history, now), self._first_cards.hold()
        chat, mark = said.asker.unstored if said.asker else None, known.mark if known else None
        opening = Opening(chat=chat, holds=held, mark=mark)
        try:
            case = await self._writer.create(created_by_person(case, now), said.activity, opening)
        except ChangedMeanwhile:
            opened = await self._cases.open_of(*case.sender.mailbox_keys)
            if opened is None and known is not None:
                return await self._open(draft, replace(said, asker=None), keys)
            return await self._opened_already(opened, case, said)
        except DuplicateActivity:
            return NoReply.CARD_FOLLOWS
        await self._first_cards.post(case, said.conversation, held)
        return NoReply.CARD_FOLLOWS

    async def _opened_already(self, opened: Case | None, case: Case, said: Said) -> Answer:
        """Somebody else opened a case of the same mailbox in this moment, which may have ended again."""
        if opened and (opened.sender.person != said.by.id or has_withdrawn(opened, said.by.id)):
            return await self._join(opened, said, case.sender.mailbox_address if is_untold(case) else "")
        if opened:
            await self._case_cards.update_person_card(opened)
        return NoReply.CARD_FOLLOWS


def _shown_to(person: PersonId, case: Case, view: View) -> Reply:
    return Reply(card=card_for(case, person, view), summary=view.words("case.number", number=str(case.number)))


def _own_right(look: Look, person: Person) -> OwnReads | None:
    """Their right to send from the other mailbox that they asked for."""
    mailbox = mailbox_asked_for(look, person)
    holder = mailbox.right_of(person.id) if mailbox else None
    return OwnReads(right=holder.right) if isinstance(holder, Holder) else None


def _not_theirs(view: View) -> str:
    return view.words("refusal.not_your_case")


def _asker(said: Said, mailbox: str) -> Sender:
    """Who asks, and for which mailbox (empty: their own), before anything is looked up."""
    return Sender(person=said.by.id, name=said.by.name, upn="", mailbox_address=mailbox)
