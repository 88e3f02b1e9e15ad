"""What a person asks in words of their own: their case decides what is true; what cannot be undone is asked first."""

from dataclasses import replace
from typing import TypeGuard

from cards.person import answers
from cards.person.why import why
from cards.view import View
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.refusals import refusal_sentence
from dialogs.conversations.inbound import Answer, NoReply, Reply, Said
from dialogs.conversations.person import PersonConversation
from services.domain.bounce.bounce import read_bounce
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.commands.person import SaidBouncing, SaidWorks
from services.domain.case.involved import spoken_to
from services.domain.case.status import Status
from services.domain.case.transition import Refused
from services.domain.intent import AboutSender, Guess
from services.domain.wishes.topic import Topic
from services.ports.askers import readable
from services.ports.errors import DuplicateActivity

_FACTS = {
    Topic.THANKS: answers.thanks,
    Topic.TIME: answers.how_long,
    Topic.WHO: answers.who_decides,
    Topic.HACKED: answers.hacked,
    Topic.HUMAN: answers.helpdesk,
    Topic.COLLEAGUE: answers.colleague,
    Topic.OFFTOPIC: answers.offtopic,
}
"""Questions that are answered and change nothing."""
_A_REPLY_TO_A_QUESTION = (
    *(Topic.LOOK, Topic.BOUNCING, Topic.WORKS, Topic.OFFTOPIC, Topic.THANKS),
    *(Topic.HACKED, Topic.COLLEAGUE, Topic.WHY),
)
"""What may be the answer to what an admin asked, and then stands in the reply box."""


class Answers:
    """Answers wishes that are more than a look, a status or a withdrawal said plainly."""

    def __init__(self, *, person: PersonConversation, writer: CaseWriter, case_cards: CaseCards) -> None:
        self._person = person
        self._writer = writer
        self._case_cards = case_cards

    async def to(self, said: Said, wish: Topic | Guess | AboutSender) -> Answer:
        """The answer to a wish, after a look at the person's newest case."""
        case = readable((await self._person.asker(said)).newest)
        if case and case.status is Status.NEEDS_INFO and _may_be_a_reply(wish):
            return await self._person.asked(said)
        if isinstance(wish, AboutSender):
            return await self._person.asked_for(said, wish.address)
        view = self._case_cards.view(said.conversation.locale)
        if isinstance(wish, Guess):
            return await self._guessed(said, wish, case, view)
        if answer := _FACTS.get(wish):
            return _reply(answer(case, view))
        if wish in (Topic.WORKS, Topic.BOUNCING):
            return await self._tested(said, wish, case, view)
        if wish is Topic.WHY:
            return await self._why(said, case, view)
        if wish is Topic.LOOK and _is_off_list(case, said) and read_bounce(said.text) is None:
            return _reply(answers.does_it_work(case, view))
        return await self._person.asked(said)

    async def _why(self, said: Said, case: Case | None, view: View) -> Answer:
        """The case says why; of somebody else's no more than its card. Without one a look does."""
        if case and case.sender.person == said.by.id and (told := why(case, view)):
            return _reply(told)
        is_open = case is not None and not case.status.is_ended
        return await (self._person.status(said) if is_open else self._person.asked(said))

    async def _tested(self, said: Said, wish: Topic, case: Case | None, view: View) -> Answer:
        """Whether sending works again is the person's to say once the sender is off the list, and not before."""
        if not _is_off_list(case, said):
            if wish is Topic.BOUNCING:
                return await self._person.asked(said)
            return _reply(answers.thanks(case, view)) if case is None else await self._person.status(said)
        try:
            by = None if said.by.id == case.sender.person else said.by
            command = SaidWorks(by=by) if wish is Topic.WORKS else SaidBouncing(by=by)
            case = await self._writer.apply_for_user(case, command, said.activity)
        except Refused as refused:
            return Reply.saying(refusal_sentence(refused, view))
        except DuplicateActivity:
            return NoReply.SAID_ALREADY
        await self._case_cards.notify_person(case)
        return NoReply.CARD_FOLLOWS

    async def _guessed(self, said: Said, guess: Guess, case: Case | None, view: View) -> Answer:
        """What can be undone is offered beside the other; what cannot is asked where it could be done at all."""
        if guess.likeliest is Topic.WITHDRAW:
            if case is None or case.status.is_ended or case.sender.person != said.by.id:
                return await self._person.withdraw(said)
            return _reply(answers.really_withdraw(case, view))
        both = (guess.likeliest, guess.other)
        if _is_off_list(case, said) and (Topic.WORKS in both or Topic.BOUNCING in both):
            return _reply(answers.does_it_work(case, view))
        if Topic.WORKS in both:
            return await self._person.status(said) if case else _reply(answers.thanks(case, view))
        return _reply(answers.which(_offered(guess), view))


def _is_off_list(case: Case | None, said: Said) -> TypeGuard[Case]:
    """Whether it is for this person to say now if sending works."""
    return case is not None and case.status is Status.OFF_LIST and spoken_to(case) == said.by.id


def _offered(guess: Guess) -> Guess:
    """ "Still bouncing" before anything was unblocked is a look; to withdraw has a button of the case's own."""
    instead = {Topic.BOUNCING: Topic.LOOK, Topic.WITHDRAW: Topic.STATUS}
    likeliest, other = instead.get(guess.likeliest, guess.likeliest), instead.get(guess.other, guess.other)
    return replace(guess, likeliest=likeliest, other=Topic.STATUS if other is likeliest else other)


def _may_be_a_reply(wish: Topic | Guess | AboutSender) -> bool:
    if isinstance(wish, AboutSender):
        return True
    if isinstance(wish, Guess):
        return wish.likeliest is not Topic.WITHDRAW
    return wish in _A_REPLY_TO_A_QUESTION


def _reply(card: Card) -> Reply:
    return Reply(card=card, summary=str(card["speak"]))
