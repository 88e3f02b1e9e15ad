"""Who should answer this?"""

from dataclasses import dataclass, replace

from cards.approver.call_code import CALL_CODE
from cards.bounce import REPORT
from cards.checks import LOOK_AGAIN
from cards.notices import help_card, one_line, remark
from cards.person.answers import WISH_VERBS
from cards.view import View
from cards.words import languages, words_for
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.refusals import refusal_sentence
from dialogs.conversations.answers import Answers
from dialogs.conversations.approver import ApproverConversation
from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.call_codes import CallCodes
from dialogs.conversations.dropped_files import BouncesInFiles
from dialogs.conversations.inbound import Answer, Clicked, ConversationKind, NoReply, Reply, Said
from dialogs.conversations.installs import Installs
from dialogs.conversations.known_approvers import KnownApprovers
from dialogs.conversations.person import PersonConversation
from dialogs.conversations.rate_limit import RateLimiter
from dialogs.conversations.responder import RESPONDER_VERBS, ResponderConversation
from services.domain.card import Card
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import Refused
from services.domain.intent import (
    AboutCase,
    AboutSender,
    Command,
    Guess,
    Speak,
    Unclear,
    Wish,
    is_binding,
    is_plain,
    read_case_number,
    read_command,
    read_wish,
)
from services.domain.wishes.topic import Topic
from services.ports.askers import Found, readable
from services.ports.errors import DuplicateActivity, Unavailable, Unreachable, UnreadableCase
from services.ports.storage import Storage
from services.ports.teams import Messenger


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """The conversations, by who is on the other side."""

    person: PersonConversation
    answers: Answers
    approver: ApproverConversation
    responder: ResponderConversation
    installs: Installs
    call_codes: CallCodes
    known_approvers: KnownApprovers


class Router:
    """Hands what was said or clicked to the conversation it belongs to."""

    def __init__(
        self,
        *,
        speakers: Speakers,
        storage: Storage,
        messenger: Messenger,
        case_cards: CaseCards,
        rate_limiter: RateLimiter,
        files: BouncesInFiles,
    ) -> None:
        self._person, self._approver, self._responder = speakers.person, speakers.approver, speakers.responder
        self._call_codes, self._answers = speakers.call_codes, speakers.answers
        self._known_approvers = speakers.known_approvers
        self.installed, self.added_to_team = speakers.installs.installed, speakers.installs.added_to_team
        self.uninstalled = speakers.installs.uninstalled
        self._cases, self._conversations, self._askers = storage.cases, storage.conversations, storage.askers
        self._messenger = messenger
        self._case_cards = case_cards
        self._rate_limiter = rate_limiter
        self._files = files

    async def said(self, said: Said) -> Answer:
        """The answer to words."""
        view = self._case_cards.view(said.conversation.locale)
        if over := self._over(said):
            # Said once, then silence: answering a flood would be another one.
            return Reply.saying(view.words("refusal.too_fast")) if over == 1 else NoReply.SAID_ALREADY
        if said.kind is ConversationKind.GROUP:
            return Reply.saying(view.words("answer.group"))
        wish = read_wish(said.text)
        if said.kind is ConversationKind.PERSONAL:
            said = await self._arrived(said, wish)
        try:
            return await self._kept(said, await self._answer(said, wish))
        except UnreadableCase as unreadable:
            return Reply.saying(_cannot_read(unreadable, self._case_cards.view(said.conversation.locale)))

    async def _arrived(self, said: Said, wish: Wish) -> Said:
        """With the language they chose, and their chat stored. The chat of somebody of whom there is no case yet waits
        for what is saved of them anyway: nobody else can have anything to write there before."""
        if not said.files and _needs_no_case(wish):
            return replace(said, conversation=await self._conversations.remember(said.by.id, said.conversation))
        asker = await self._person.asker(said)
        if asker.unstored and not asker.is_new:
            await self._conversations.remember(said.by.id, asker.unstored)
            asker = asker.stored()
        return replace(said, conversation=asker.conversation, asker=asker)

    async def _kept(self, said: Said, answer: Answer) -> Answer:
        """The answer, once the chat is stored: a case that was opened has stored it with itself."""
        if said.asker and said.asker.unstored and isinstance(answer, Reply):
            await self._conversations.remember(said.by.id, said.asker.unstored)
        return answer

    def _over(self, said: Said) -> int:
        """How far over the limit this message is; each file of it counts like a message, since each is fetched."""
        counted = [self._rate_limiter.over(said.by.id) for _ in range(max(1, len(said.files)))]
        return next((over for over in counted if over), 0)

    async def _answer(self, said: Said, wish: Wish) -> Answer:
        command = read_command(said.text)
        if said.kind is ConversationKind.CHANNEL:
            if said.files and command in (None, Topic.HELP):
                return Reply.saying(self._case_cards.view(said.conversation.locale).words("answer.file_channel"))
            return await self._command(said, command or Topic.HELP)
        if said.files:
            return await self._with_file(said, wish)
        if command and command is not Topic.HELP and await self._is_command(said, command):
            return await self._command(said, command)
        return await self._personal(said, wish)

    async def _is_command(self, said: Said, command: Command) -> bool:
        """Approvers' words bind approvers only: "unblock me please" is anybody's cry for help, and so is an approver's
        own address."""
        if is_binding(command):
            return True
        if isinstance(command, Unclear) and is_plain(said.text):
            return False
        if isinstance(command, AboutCase) and await self._person.asks_in(said.by, command.number):
            return False
        if not await self._approver.may_decide(said.by):
            return False
        return not isinstance(command, AboutSender) or not await self._person.owns(said.by, command.address)

    async def clicked(self, clicked: Clicked) -> Card:
        """What the clicker sees now."""
        number = read_case_number(clicked.number)
        case: Found = None
        if clicked.kind is ConversationKind.PERSONAL:
            clicker = await self._askers.clicker(
                clicked.by.id, clicked.conversation, CaseNumber(number) if number else None
            )
            if clicker.unstored:
                await self._conversations.remember(clicked.by.id, clicker.unstored)
            clicked, case = replace(clicked, conversation=clicker.conversation), clicker.case
        view = self._case_cards.view(clicked.conversation.locale)
        if self._rate_limiter.over(clicked.by.id):
            return remark(view.words("refusal.too_fast"))
        try:
            if number and clicked.kind is not ConversationKind.PERSONAL:
                case = await self._cases.get(CaseNumber(number))
            return await self._shown_after(clicked, case, view)
        except UnreadableCase as unreadable:
            return remark(_cannot_read(unreadable, view))  # the next click may reach the newer program

    async def _shown_after(self, clicked: Clicked, named: Found, view: View) -> Card:
        if clicked.verb in (REPORT, "again") and clicked.kind is not ConversationKind.PERSONAL:
            return one_line(view.words("refusal.not_understood"))
        if clicked.verb == REPORT:
            return await self._person.reported(clicked)
        if clicked.verb == LOOK_AGAIN:
            return await self._person.looked_again(clicked)
        if clicked.verb in WISH_VERBS:
            return await self._wished(clicked, WISH_VERBS[clicked.verb], view)
        case = readable(named)
        if case is None:
            return one_line(view.words("refusal.no_such_case"))
        if clicked.verb == CALL_CODE:
            return await self._call_codes.told_to(clicked, case)
        if clicked.verb in APPROVER_VERBS:
            return await self._approver.clicked(clicked, case)
        if clicked.verb in RESPONDER_VERBS:
            return await self._responder.clicked(clicked, case)
        return await self._person.clicked(clicked, case)

    async def _wished(self, clicked: Clicked, wish: Topic, view: View) -> Card:
        """One of two wishes was chosen: it is answered as if it had been written."""
        if clicked.kind is not ConversationKind.PERSONAL:
            return one_line(view.words("refusal.not_understood"))
        said = Said(
            by=clicked.by, text="", kind=clicked.kind, conversation=clicked.conversation, activity=clicked.activity
        )
        answer = await self._personal(said, wish)
        return answer.card if isinstance(answer, Reply) else one_line(view.words("say.below"))

    async def _with_file(self, said: Said, wish: Wish) -> Answer:
        """A bounce in a file is read as if it had been pasted. Of any other file the look comes first, and then it is
        said what would help; a person who is restricted needs no code."""
        if said.asker and said.asker.was_processed:
            return NoReply.SAID_ALREADY
        found = await self._files.found_in(said.files)
        asked = wish if isinstance(wish, AboutSender) else Topic.LOOK
        if found.text:
            return await self._personal(replace(said, text=found.text), asked)
        answer = await self._personal(said, wish if said.text else asked)
        if isinstance(answer, NoReply) or found.trouble is None:
            return answer
        await self._messenger.post(said.conversation, answer.card, answer.summary)
        return Reply.saying(self._case_cards.view(said.conversation.locale).words(found.trouble))

    async def _personal(self, said: Said, wish: Wish) -> Answer:
        view = self._case_cards.view(said.conversation.locale)
        if answer := await self._call_codes.heard(said, wish):
            return answer
        match wish:
            case Speak():
                return await self._speak(said, wish.language)
            case Topic.STATUS:
                return await self._person.status(said)
            case Topic.WITHDRAW:
                return await self._person.withdraw(said)
            case Topic.LANGUAGE:
                return Reply.saying(_languages(view))
            case Topic.HELP:
                approver = await self._known_approvers.has(said.by)
                return Reply(card=help_card(view, for_approver=approver), summary=view.words("help.title"))
            case Topic() | AboutSender() | Guess():
                return await self._answers.to(said, wish)

    async def _speak(self, said: Said, language: str) -> Reply:
        language = language if language in languages() else language.partition("-")[0]
        if language not in languages():
            return Reply.saying(_languages(self._case_cards.view(said.conversation.locale)))
        await self._conversations.speak(said.by.id, language)
        return Reply.saying(self._case_cards.view(language).words("answer.language_set"))

    async def _command(self, said: Said, wish: Command) -> Answer:
        try:
            if isinstance(wish, AboutCase) and wish.verb == "contain":
                return await self._responder.typed(said, wish)
            return await self._approver.typed(said, wish)
        except Refused as refused:
            return await self._refuse(said, refused)
        except DuplicateActivity:
            return NoReply.SAID_ALREADY

    async def _refuse(self, said: Said, refused: Refused) -> Answer:
        """In the channel nobody is shown up: the sentence goes to their own chat, or a neutral line stands."""
        view = self._case_cards.view(said.conversation.locale)
        if said.kind is ConversationKind.PERSONAL:
            return Reply.saying(refusal_sentence(refused, view))
        conversation = await self._conversations.person(said.by.id)
        if conversation is not None:
            sentence = refusal_sentence(refused, self._case_cards.view(conversation.locale))
            try:
                await self._messenger.post(conversation, one_line(sentence), sentence)
            except (Unavailable, Unreachable):
                return Reply.saying(view.words("answer.not_done"))
            return NoReply.SAID_ALREADY
        return Reply.saying(view.words("answer.not_done"))


def _needs_no_case(wish: Wish) -> bool:
    """Whether the answer is the same whatever case they have."""
    return isinstance(wish, Speak) or wish in (Topic.HELP, Topic.LANGUAGE)


def _cannot_read(unreadable: UnreadableCase, view: View) -> str:
    return view.words("answer.unreadable_case", number=str(unreadable.number))


def _languages(view: View) -> str:
    known = ", ".join(f"{words_for(tag)('language.name')} ({tag})" for tag in languages())
    return view.words("answer.language", languages=known, language=view.words("language.name"))
