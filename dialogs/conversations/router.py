"""Who should answer this?"""

from dataclasses import dataclass, replace

from cards.approver.call_code import CALL_CODE
from cards.bounce import REPORT
from cards.notices import help_card, one_line
from cards.view import View
from cards.words import languages, words_for
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.refusals import refusal_sentence
from dialogs.conversations.approver import ApproverConversation
from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.call_codes import CallCodes
from dialogs.conversations.dropped_files import BouncesInFiles
from dialogs.conversations.inbound import Answer, Clicked, ConversationKind, NoReply, Reply, Said
from dialogs.conversations.installs import Installs
from dialogs.conversations.person import PersonConversation
from dialogs.conversations.rate_limit import RateLimiter
from dialogs.conversations.responder import RESPONDER_VERBS, ResponderConversation
from services.domain.card import Card
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import Refused
from services.domain.intent import (
    AboutCase,
    AboutConnector,
    AboutSender,
    Speak,
    Topic,
    Unclear,
    Wish,
    read_case_number,
    read_wish,
)
from services.ports.errors import DuplicateActivity, Unavailable, Unreachable, UnreadableCase
from services.ports.storage import Storage
from services.ports.teams import Messenger

_FOR_APPROVERS = (Topic.CASES, Topic.RESTRICTED, Topic.USE_THIS_CHANNEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """The conversations, by who is on the other side."""

    person: PersonConversation
    approver: ApproverConversation
    responder: ResponderConversation
    installs: Installs
    call_codes: CallCodes


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
        self._call_codes = speakers.call_codes
        self.installed, self.added_to_team = speakers.installs.installed, speakers.installs.added_to_team
        self.uninstalled = speakers.installs.uninstalled
        self._cases, self._conversations = storage.cases, storage.conversations
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
        if said.kind is ConversationKind.PERSONAL:
            said = replace(said, conversation=await self._conversations.remember(said.by.id, said.conversation))
        try:
            return await self._answer(said, read_wish(said.text))
        except UnreadableCase as unreadable:
            return Reply.saying(_cannot_read(unreadable, self._case_cards.view(said.conversation.locale)))

    def _over(self, said: Said) -> int:
        """How far over the limit this message is; each file of it counts like a message, since each is fetched."""
        counted = [self._rate_limiter.over(said.by.id) for _ in range(max(1, len(said.files)))]
        return next((over for over in counted if over), 0)

    async def _answer(self, said: Said, wish: Wish) -> Answer:
        if said.kind is ConversationKind.CHANNEL:
            if said.files and wish in (Topic.HELP, Topic.LOOK):
                return Reply.saying(self._case_cards.view(said.conversation.locale).words("answer.file_channel"))
            return await self._command(said, wish)
        if said.files:
            return await self._with_file(said, wish)
        if wish is Topic.RESTRICTED and not await self._approver.may_decide(said.by):
            wish = Topic.LOOK  # of somebody who is none it is the word for their trouble
        if isinstance(wish, AboutCase | Unclear) or wish in _FOR_APPROVERS or _is_command(wish):
            return await self._command(said, wish)
        return await self._personal(said, wish)

    async def clicked(self, clicked: Clicked) -> Card:
        """What the clicker sees now."""
        if clicked.kind is ConversationKind.PERSONAL:
            clicked = replace(
                clicked, conversation=await self._conversations.remember(clicked.by.id, clicked.conversation)
            )
        view = self._case_cards.view(clicked.conversation.locale)
        if self._rate_limiter.over(clicked.by.id):
            return one_line(view.words("refusal.too_fast"))
        try:
            return await self._shown_after(clicked, view)
        except UnreadableCase as unreadable:
            return one_line(_cannot_read(unreadable, view))

    async def _shown_after(self, clicked: Clicked, view: View) -> Card:
        if clicked.verb == REPORT:
            return await self._person.reported(clicked)
        number = read_case_number(clicked.number)
        case = await self._cases.get(CaseNumber(number)) if number else None
        if case is None:
            return one_line(view.words("refusal.no_such_case"))
        if clicked.verb == CALL_CODE:
            return await self._call_codes.told_to(clicked, case)
        if clicked.verb in APPROVER_VERBS:
            return await self._approver.clicked(clicked, case)
        if clicked.verb in RESPONDER_VERBS:
            return await self._responder.clicked(clicked, case)
        return await self._person.clicked(clicked, case)

    async def _with_file(self, said: Said, wish: Wish) -> Answer:
        """A bounce in a file is read as if it had been pasted. Of any other file the look comes first, and then it is
        said what would help; a person who is restricted needs no code."""
        if await self._cases.was_processed(said.activity):
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
        if isinstance(wish, AboutSender):
            return await self._person.asked_for(said, wish.address)
        if wish is Topic.STATUS:
            return await self._person.status(said)
        if wish is Topic.WITHDRAW:
            return await self._person.withdraw(said)
        if wish is Topic.LANGUAGE:
            return Reply.saying(_languages(view))
        if isinstance(wish, Speak):
            return await self._speak(said, wish.language)
        if wish is Topic.HELP:
            approver = await self._approver.may_decide(said.by)
            return Reply(card=help_card(view, for_approver=approver), summary=view.words("help.title"))
        if answer := await self._call_codes.heard(said, wish):
            return answer
        return await self._person.asked(said)

    async def _speak(self, said: Said, language: str) -> Reply:
        language = language if language in languages() else language.partition("-")[0]
        if language not in languages():
            return Reply.saying(_languages(self._case_cards.view(said.conversation.locale)))
        await self._conversations.speak(said.by.id, language)
        return Reply.saying(self._case_cards.view(language).words("answer.language_set"))

    async def _command(self, said: Said, wish: Wish) -> Answer:
        if isinstance(wish, Speak) or wish in (Topic.LOOK, Topic.STATUS, Topic.WITHDRAW, Topic.LANGUAGE, Topic.CODE):
            wish = Topic.HELP  # in the channel these are not commands
        if isinstance(wish, AboutSender) and not _is_command(wish):
            wish = Topic.HELP
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


def _is_command(wish: Wish) -> bool:
    return isinstance(wish, AboutConnector) or (isinstance(wish, AboutSender) and wish.verb != "mailbox")


def _cannot_read(unreadable: UnreadableCase, view: View) -> str:
    return view.words("answer.unreadable_case", number=str(unreadable.number))


def _languages(view: View) -> str:
    known = ", ".join(f"{words_for(tag)('language.name')} ({tag})" for tag in languages())
    return view.words("answer.language", languages=known, language=view.words("language.name"))
