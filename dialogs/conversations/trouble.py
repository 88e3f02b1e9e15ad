"""Telling the admins of a trouble that the restricted list does not explain, and hearing of one that was told."""

import re
from asyncio import Lock
from datetime import timedelta

from cards.notices import one_line
from cards.person.trouble_card import joiner_card
from cards.view import View
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import Look, Lookups, or_unknown
from dialogs.casework.refusals import refusal_sentence
from dialogs.conversations.inbound import Answer, Clicked, NoReply, Reply, Said
from services.domain.bounce.bounce import Bounce
from services.domain.bounce.table import NAMED
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.transition import Refusal, Refused
from services.domain.people import Person, TeamsUser
from services.domain.trouble.commands import JoinerSaysBouncing, JoinerSaysWorks, TroubleTold
from services.domain.trouble.creation import created_trouble
from services.domain.trouble.trouble import TroubleKind, key_of, kind_of
from services.domain.unknown import Unknown
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, DuplicateActivity
from services.ports.microsoft365 import Approvers
from services.ports.storage import ActivityId, Storage

WITHIN = timedelta(seconds=6)
"""How long a click may wait for the list: Teams gives up on an invoke after about ten seconds."""
_CODE = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_A_DAY = timedelta(days=1)
_JOINER_SAYS: dict[str, type[JoinerSaysWorks | JoinerSaysBouncing]] = {
    "works": JoinerSaysWorks,
    "bouncing": JoinerSaysBouncing,
}


class TroubleConversation:
    """What the person says and clicks about troubles. Whoever calls has looked at the list first."""

    def __init__(
        self,
        *,
        writer: CaseWriter,
        storage: Storage,
        lookups: Lookups,
        approvers: Approvers,
        case_cards: CaseCards,
        clock: Clock,
    ) -> None:
        self.writer, self.lookups, self.clock = writer, lookups, clock
        self._approvers = approvers
        self._cases, self._queries = storage.cases, storage.queries
        self._case_cards = case_cards
        self._one_report = Lock()

    async def heard(self, said: Said, bounce: Bounce | None) -> Answer | None:
        """The answer where the person tells of a trouble that the admins know of already: how that stands. `None` where
        there is no such case."""
        case = await self._known(said.by, bounce)
        if case is None or case.trouble is None:
            return None
        if bounce is not None:
            case = await self._told_again(case, said.by, (bounce.code or "", bounce.cause.name), said.activity)
        if case.sender.person == said.by.id:
            await self._case_cards.notify_person(case)
            return NoReply.CARD_FOLLOWS
        view = self._case_cards.view(said.conversation.locale)
        return Reply(card=self._of_joiner(case, said.by, view), summary=view.words("app.name"))

    async def look(self, by: TeamsUser) -> Look:
        """The look that a report is judged on."""
        return await self.lookups.look(by.id, WITHIN)

    async def reported(self, clicked: Clicked, look: Look) -> Card:
        """The button that tells the admins, of somebody whom the list does not show or whose list could not be read.

        What the button carries is only what they said themselves: a code and the cause that the table has for it."""
        view = self._case_cards.view(clicked.conversation.locale)
        try:
            case = await self._report(clicked, look)
        except Refused as refused:
            return one_line(refusal_sentence(refused, view))
        except DuplicateActivity:
            return one_line(view.words("answer.trouble_told_already"))
        if case.sender.person != clicked.by.id:
            return self._of_joiner(case, clicked.by, view)
        return one_line(view.words("answer.trouble_told", number=str(case.number)))

    async def joiner_clicked(self, clicked: Clicked, case: Case) -> Card:
        """A button of somebody who joined."""
        view = self._case_cards.view(clicked.conversation.locale)
        if clicked.verb not in _JOINER_SAYS:
            return one_line(view.words("refusal.not_your_case"))
        try:
            says = _JOINER_SAYS[clicked.verb](by=clicked.by)
            case = await self.writer.apply_for_user(case, says, clicked.activity)
        except Refused as refused:
            return one_line(refusal_sentence(refused, view))
        except DuplicateActivity:
            case = await self._cases.get(case.number) or case
        return self._of_joiner(case, clicked.by, view)

    async def _report(self, clicked: Clicked, look: Look) -> Case:
        cause = NAMED.get(clicked.inputs.get("cause", ""))
        kind = kind_of(cause) if cause else None
        if cause is None or kind is None or not isinstance(look.person, Person) or look.person.guest:
            raise Refused(Refusal.NOT_NOW if cause else Refusal.NOT_UNDERSTOOD)
        code = clicked.inputs.get("code", "")
        said = (code if _CODE.fullmatch(code) else "", cause.name)
        if case := await self._cases.open_of(key_of(kind, clicked.by.id)):
            return await self._told_again(case, clicked.by, said, clicked.activity, look.person)
        return await self._created(clicked, kind, said, look, look.person)

    async def _created(
        self, clicked: Clicked, kind: TroubleKind, said: tuple[str, str], look: Look, person: Person
    ) -> Case:
        day = await self._queries.reached(clicked.by.id, self.clock.now() - _A_DAY, (key_of(kind, clicked.by.id),))
        if day.is_enough(self.writer.timing.requests_a_day):
            raise Refused(Refusal.TOO_MANY)
        alone = await or_unknown(self._approvers.anybody_but(clicked.by.id), WITHIN) is False
        created = created_trouble(
            clicked.by,
            person,
            kind,
            said,
            self.clock.now(),
            checked_at=None if isinstance(look.restriction, Unknown) else look.read_at,
            sole_approver=alone,
        )
        try:
            return await self.writer.create(created, clicked.activity)
        except ChangedMeanwhile:  # somebody told of it in this moment
            case = await self._cases.open_of(key_of(kind, clicked.by.id))
            if case is None:
                raise Refused(Refusal.NOT_NOW) from None
            return await self._told_again(case, clicked.by, said, clicked.activity, person)

    async def _told_again(
        self, case: Case, by: TeamsUser, said: tuple[str, str], activity: ActivityId, person: Person | None = None
    ) -> Case:
        told = TroubleTold(by=by, code=said[0], cause=said[1], addresses=person.addresses if person else ())
        try:
            async with self._one_report:  # forty devices that stop in one minute would outrun each other's saves
                return await self.writer.apply_for_user(case, told, activity)
        except DuplicateActivity:
            return await self._cases.get(case.number) or case

    async def _known(self, by: TeamsUser, bounce: Bounce | None) -> Case | None:
        if bounce is None:
            case = await self._cases.latest_of(by.id)
            return case if case and case.trouble and not case.status.is_ended else None
        kind = kind_of(bounce.cause)
        case = await self._cases.open_of(key_of(kind, by.id)) if kind else None
        return case if case and case.trouble and case.trouble.of(by.id) else None

    def _of_joiner(self, case: Case, by: TeamsUser, view: View) -> Card:
        report = case.trouble.of(by.id) if case.trouble else None
        if report is None:
            return one_line(view.words("refusal.not_your_case"))
        return joiner_card(case, report, view)
