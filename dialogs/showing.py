"""Putting pictures where people see them: one living card per case and audience, older ones folded."""

from cards.case_card import case_card
from cards.person_card import person_card
from cards.small_cards import folded_card, tell_approvers_card
from cards.status_head import status_word
from cards.text import theirs
from cards.view import Links, View
from cards.words import words_for
from services.domain.case import Case, Limits, Status
from services.domain.knowledge import Why
from services.domain.moves import Event
from services.domain.table import Verb
from services.ports import Addresses, Audience, Cards, Clock, Messenger, Place, Posted, Unavailable, Unreachable

_UNDECIDED = (Status.WAITING, Status.NEEDS_INFO)


class Showing:
    """The living cards of cases."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        addresses: Addresses,
        cards: Cards,
        clock: Clock,
        limits: Limits,
        links: Links,
    ) -> None:
        self._messenger = messenger
        self._addresses = addresses
        self._cards = cards
        self._clock = clock
        self._limits = limits
        self._links = links

    def view(self, locale: str, notice: str = "") -> View:
        """How a reader of that locale sees things now."""
        return View(
            words=words_for(locale), now=self._clock.now(), limits=self._limits, links=self._links, notice=notice
        )

    async def show_person(self, case: Case) -> None:
        """The person's living card shows the case as it is; it is posted where there is none yet."""
        place = await self._place_of(case)
        await self._show(case, Audience.PERSON, place, anew=False)

    async def tell_person(self, case: Case) -> None:
        """The person's card anew at the end of their chat, which is what makes Teams notify them."""
        place = await self._place_of(case)
        await self._show(case, Audience.PERSON, place, anew=True)

    async def show_approvers(self, case: Case) -> None:
        """The approvers' living card shows the case as it is; it is posted where there is none yet."""
        await self._show(case, Audience.APPROVERS, await self._channel(), anew=False)

    async def repost_approvers(self, case: Case) -> None:
        """The approvers' card anew at the end of the channel."""
        await self._show(case, Audience.APPROVERS, await self._channel(), anew=True)

    async def tell_approvers(self, case: Case, event: Event) -> None:
        """A line below the approvers' card, unless it has become pointless meanwhile."""
        place = await self._channel()
        view = self.view(place.locale)
        text = _told(case, event, view)
        if text is None:
            return
        living = (await self._cards.shown(case.number, Audience.APPROVERS)).living
        thread = living.activity if living else None
        await self._messenger.post(place, tell_approvers_card(text, view), text, thread=thread)

    async def _place_of(self, case: Case) -> Place:
        place = await self._addresses.person(case.person)
        if place is None:
            raise Unreachable("no chat with this person is known")
        return place

    async def _channel(self) -> Place:
        place = await self._addresses.channel()
        if place is None:
            raise Unavailable(Why.UNREACHABLE, "no approvals channel is set")
        return place

    async def _show(self, case: Case, audience: Audience, place: Place, *, anew: bool) -> None:
        view = self.view(place.locale)
        draw = person_card if audience is Audience.PERSON else case_card
        card, summary = draw(case, view), f"{case.number}: {status_word(case, _speech(audience), view)}"
        shown = await self._cards.shown(case.number, audience)
        if anew or shown.living is None or not await self._messenger.replace(shown.living, card, summary):
            posted = await self._messenger.post(place, card, summary)
            await self._cards.record(case.number, audience, posted)
            shown = await self._cards.shown(case.number, audience)
        for old in shown.outdated:
            await self._fold(case, old, view)

    async def _fold(self, case: Case, old: Posted, view: View) -> None:
        await self._messenger.replace(old, folded_card(case, view), view.words("card.folded", number=str(case.number)))
        await self._cards.forget(case.number, old)


def _speech(audience: Audience) -> str:
    return "person" if audience is Audience.PERSON else "approver"


def _told(case: Case, event: Event, view: View) -> str | None:
    """The line for an event; `None` where the case has moved on and the line would mislead."""
    facts = {"number": str(case.number), "name": theirs(case.name, 80)}
    if event.verb is Verb.REMIND:
        return view.words("tell.reminder", **facts) if case.status in _UNDECIDED else None
    if event.verb is Verb.REPLY:
        return view.words("tell.replied", **facts) if case.status in _UNDECIDED else None
    if event.verb is Verb.SEND:
        why = view.words(f"why_not.{(case.not_looked or Why.UNREACHABLE).name.lower()}")
        return view.words("tell.cannot_look", name=facts["name"], upn=theirs(case.upn, 120), why=why)
    name = {Status.FAILED: "tell.failed", Status.NEEDS_TICKET: "tell.needs_ticket", Status.RELAPSED: "tell.relapsed"}
    return view.words(name[case.status], **facts) if case.status in name else None
