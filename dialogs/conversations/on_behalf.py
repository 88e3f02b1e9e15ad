"""An approver asks in somebody's place: `unblock ana@… reason`. Looked up and judged like one's own."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from cards.approver.history_card import HISTORY_A_PAGE, history_card
from cards.notices import Checked, not_restricted_card
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.look_result import look_result
from dialogs.casework.lookups import Look, Lookups, or_unknown
from dialogs.conversations.inbound import Reply, Said
from services.domain.case.case import Case
from services.domain.case.commands.approver import AskedFor
from services.domain.case.connectors import new_connector_case, person_of_connector
from services.domain.case.creation import created_by_approver, first_case
from services.domain.case.parts import CaseNumber, Past
from services.domain.case.transition import Refusal, Refused
from services.domain.evidence.report import HISTORY_OVER
from services.domain.intent import AboutConnector, AboutSender
from services.domain.people import Person, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SharedMailbox
from services.domain.restriction import Restriction, find
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, NotFound, Unavailable
from services.ports.microsoft365 import Mailboxes
from services.ports.storage import Storage

_LOOK_WITHIN = timedelta(seconds=8)


class OnBehalf:
    """Requests that approvers open for others."""

    def __init__(
        self,
        *,
        writer: CaseWriter,
        storage: Storage,
        mailboxes: Mailboxes,
        lookups: Lookups,
        case_cards: CaseCards,
        clock: Clock,
    ) -> None:
        self._writer = writer
        self._cases, self._queries = storage.cases, storage.queries
        self._mailboxes = mailboxes
        self._lookups = lookups
        self._case_cards = case_cards
        self._clock = clock

    async def typed(self, said: Said, wish: AboutSender) -> tuple[Case, bool] | Reply:
        """The case that goes to the approvers and whether it goes there only now, or why there is none.

        Raises `Refused`. That the sender may decide was asked before."""
        if not wish.text:
            raise Refused(Refusal.REASON_NEEDED)
        mailbox = await self._mailbox(said, wish.address)
        if isinstance(mailbox, Reply):
            return mailbox
        owner = mailbox.owner
        if owner is None:
            return self._nobodys(said, wish.address)
        if opened := await self._cases.open_of(owner.person):
            return await self._ask(opened, said, wish.text)
        case = await self._look(said, owner)
        if isinstance(case, Reply):
            return case
        try:
            return await self._create(case, said, wish.text), True
        except ChangedMeanwhile:
            # The person asked themself in this very moment: then it is their case that goes on.
            opened = await self._cases.open_of(owner.person)
            if opened is None:
                raise Refused(Refusal.NOT_NOW) from None
            return await self._ask(opened, said, wish.text)

    async def _create(self, case: Case, said: Said, reason: str) -> Case:
        transition = created_by_approver(case, AskedFor(by=said.by, reason=reason), self._clock.now())
        return await self._writer.create(transition, said.activity)

    async def _ask(self, case: Case, said: Said, reason: str) -> tuple[Case, bool]:
        """What was sent already is shown; nobody is asked twice for the same."""
        if case.request.sent_at:
            return case, False
        return await self._writer.apply_for_user(case, AskedFor(by=said.by, reason=reason), said.activity), True

    async def connector(self, said: Said, wish: AboutConnector) -> tuple[Case, bool] | Reply:
        """The case of a restricted connector, and whether it goes to the approvers only now.

        Raises `Refused`. That the sender may decide was asked before."""
        if not wish.text:
            raise Refused(Refusal.REASON_NEEDED)
        if opened := await self._cases.open_of(person_of_connector(wish.connector)):
            return opened, False
        words = self._case_cards.view(said.conversation.locale).words
        listing = await or_unknown(self._lookups.lists.connectors.restricted(), _LOOK_WITHIN)
        found = listing if isinstance(listing, Unknown) else find(listing, [wish.connector])
        if isinstance(found, Unknown):
            return Reply.saying(words("answer.could_not_look", why=words(f"why_not.{found.reason.name.lower()}")))
        if found is None:
            return Reply.saying(words("answer.connector_not_restricted", connector=wish.connector))
        now = self._clock.now()
        history = await self._queries.history_of(person_of_connector(wish.connector), now - HISTORY_OVER)
        past = Past(
            times_asked=history.requests + 1, unblocks=history.unblocks, restrictions=history.earlier_than(found, now)
        )
        episode = history.episode_now(now, self._writer.timing.watch_for)
        case = replace(new_connector_case(found.address, found, now), past=past, episode=episode)
        try:
            return await self._create(case, said, wish.text), True
        except ChangedMeanwhile:
            opened = await self._cases.open_of(person_of_connector(wish.connector))
            if opened is None:
                raise Refused(Refusal.NOT_NOW) from None
            return opened, False

    async def history(self, said: Said, wish: AboutSender) -> Reply:
        """A page of the past of a sender, from our own records."""
        view = self._case_cards.view(said.conversation.locale)
        mailbox = await self._mailbox(said, wish.address)
        keys = (*(mailbox.keys if isinstance(mailbox, SharedMailbox) else ()), wish.address)
        before = CaseNumber(wish.before) if wish.before else None
        found = await self._queries.of_sender(*keys, before=before, most=HISTORY_A_PAGE)
        if not found and before is None and (isinstance(mailbox, Reply) or mailbox.owner is None):
            return mailbox if isinstance(mailbox, Reply) else self._nobodys(said, wish.address)
        count = await self._queries.count_of_sender(*keys, before=before)
        card = history_card(wish.address, found, view, count=count, before=before)
        return Reply(card=card, summary=wish.address)

    def _nobodys(self, said: Said, address: str) -> Reply:
        words = self._case_cards.view(said.conversation.locale).words
        return Reply.saying(words("answer.nobodys_mailbox", address=address))

    async def _mailbox(self, said: Said, address: str) -> SharedMailbox | Reply:
        words = self._case_cards.view(said.conversation.locale).words
        try:
            async with asyncio.timeout(_LOOK_WITHIN.total_seconds()):
                return await self._mailboxes.mailbox(address)
        except NotFound:
            return Reply.saying(words("answer.no_mailbox", address=address))
        except (TimeoutError, Unavailable) as trouble:
            why = trouble.reason if isinstance(trouble, Unavailable) else UnknownReason.TIMED_OUT
            return Reply.saying(words("answer.could_not_look", why=words(f"why_not.{why.name.lower()}")))

    async def _look(self, said: Said, owner: Holder) -> Case | Reply:
        view = self._case_cards.view(said.conversation.locale)
        look = await self._lookups.look(owner.person, _LOOK_WITHIN)
        unknown = next((found for found in (look.person, look.restriction) if isinstance(found, Unknown)), None)
        if unknown:
            return Reply.saying(
                view.words("answer.could_not_look", why=view.words(f"why_not.{unknown.reason.name.lower()}"))
            )
        if not isinstance(look.person, Person):
            return Reply.saying(view.words("answer.no_mailbox", address=owner.upn))
        if not isinstance(look.restriction, Restriction):
            checked = Checked(addresses=look.person.addresses, read_at=look.read_at, mailbox=owner.upn)
            card = not_restricted_card(checked, None, view)
            return Reply(card=card, summary=view.words("answer.not_restricted"))
        return await self._found(look, look.person, look.restriction)

    async def _found(self, look: Look, person: Person, restriction: Restriction) -> Case:
        now = self._clock.now()
        history = await self._queries.history_of(person.id, now - HISTORY_OVER)
        found = look_result(look, person, restriction, history, now, watch_for=self._writer.timing.watch_for)
        return first_case(TeamsUser(id=person.id, name=person.name), history, now, look=found)
