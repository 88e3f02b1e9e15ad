"""Putting pictures where people see them: one living card per case and audience, older ones folded."""

from contextlib import suppress
from dataclasses import replace

from cards.approver.approver_card import case_card
from cards.approver.thread_lines import told
from cards.notices import folded_card, one_line, tell_approvers_card
from cards.person.person_card import person_card
from cards.status_head import status_word
from cards.view import Links, View
from cards.words import words_for
from dialogs.casework.digest import Wave
from services.domain.card import Card
from services.domain.case.case import Case, Timing
from services.domain.case.transition import Event
from services.domain.case.workflow import Verb
from services.domain.unknown import Why
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import Addresses, Audience, Cards, Digests, Register
from services.ports.teams import Installer, Messenger, Place, Posted


class Showing:
    """The living cards of cases."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        addresses: Addresses,
        cards: Cards,
        clock: Clock,
        timing: Timing,
        links: Links,
        register: Register,
        digests: Digests,
        installer: Installer,
        contains: bool = False,
    ) -> None:
        self._installer = installer
        self._contains = contains
        self._wave = Wave(
            messenger=messenger, digests=digests, register=register, clock=clock, timing=timing, view=self.view
        )
        self._messenger = messenger
        self._addresses = addresses
        self._cards = cards
        self._clock = clock
        self._timing = timing
        self._links = links

    def view(self, locale: str, notice: str = "") -> View:
        """How a reader of that locale sees things now."""
        return View(
            words=words_for(locale),
            now=self._clock.now(),
            timing=self._timing,
            links=self._links,
            notice=notice,
            contains=self._contains,
        )

    async def is_channel(self, place: Place) -> bool:
        """Whether that is the approvals channel."""
        channel = await self._addresses.channel()
        return channel is not None and channel.conversation == place.conversation

    async def turned_away(self, case: Case, place: Place, notice: str) -> Card:
        """The refusal, on the picture they can see anyway; elsewhere the sentence alone, which tells nothing."""
        if case.sent_at and await self.is_channel(place):
            return case_card(case, self.view(place.locale, notice))
        return one_line(notice)

    async def channel(self) -> Place | None:
        """The approvals channel, if there is one."""
        return await self._addresses.channel()

    async def post(self, place: Place, card: Card, summary: str) -> None:
        """A message that belongs to no case. Raises `Unavailable`, `Unreachable`."""
        await self._messenger.post(place, card, summary)

    async def make_reachable(self, case: Case) -> None:
        """Bring the bot to a person who never wrote to it. Raises `Unavailable`, `Unreachable`."""
        if not case.unsolicited or await self._addresses.person(case.person) is not None:
            return
        channel = await self._channel()
        chat = await self._installer.chat_with(case.person)
        await self._addresses.remember(case.person, Place(conversation=chat, service_url=channel.service_url))

    async def show_person(self, case: Case) -> None:
        """The person's living card shows the case as it is; it is posted where there is none yet."""
        place = await self._place_of(case)
        await self._show(case, Audience.PERSON, place, anew=False)

    async def tell_person(self, case: Case, draft: str = "") -> None:
        """The person's card anew at the end of their chat, which is what makes Teams notify them."""
        place = await self._place_of(case)
        await self._show(case, Audience.PERSON, place, anew=True, draft=draft)

    async def show_approvers(self, case: Case) -> None:
        """The approvers' living card shows the case as it is; it is posted where there is none yet, or the case is
        one line of the digest where many came at once."""
        channel = await self._channel()
        if not await self._has_card(case) and await self._wave.takes(case, channel):
            return
        await self._show(case, Audience.APPROVERS, channel, anew=False)
        await self._wave.refresh(case)

    async def repost_approvers(self, case: Case) -> None:
        """The approvers' card anew at the end of the channel."""
        await self._show(case, Audience.APPROVERS, await self._channel(), anew=True)

    async def tell_approvers(self, case: Case, event: Event) -> None:
        """A line below the approvers' card, unless it has become pointless meanwhile."""
        place = await self._channel()
        view = self.view(place.locale)
        text = told(case, event, view)
        if text is None:
            return
        living = (await self._cards.shown(case.number, Audience.APPROVERS)).living
        digest = None if living else await self._wave.of(case)
        if digest and event.verb is Verb.REMIND:
            if not await self._wave.speaks_for(case, digest):
                return
            text = view.words("tell.reminder_digest")
        thread = living or (digest.posted if digest else None)
        inside = thread.activity if thread and _is_in(thread, place) else None
        await self._messenger.post(place, tell_approvers_card(text, view), text, thread=inside)

    async def digest_of(self, case: Case, view: View) -> Card | None:
        """The digest the case stands in, as this viewer sees it."""
        return await self._wave.picture_of(case, view)

    async def refresh_digest(self, case: Case) -> None:
        """Where the case is a line of a digest, that line shows it as it is."""
        with suppress(Unreachable):
            await self._wave.refresh(case)

    async def fold_all(self, case: Case) -> None:
        """Nothing of the case stays on its own cards; one that cannot be reached any more is left to Teams."""
        for audience in (Audience.PERSON, Audience.APPROVERS):
            shown = await self._cards.shown(case.number, audience)
            for posted in (shown.living, *shown.outdated):
                if posted is not None:
                    sentence = self.view(posted.place.locale).words("card.forgotten", number=str(case.number))
                    with suppress(Unreachable):
                        await self._messenger.replace(posted, one_line(sentence), sentence)
                    await self._cards.forget(case.number, posted)

    async def _has_card(self, case: Case) -> bool:
        return (await self._cards.shown(case.number, Audience.APPROVERS)).living is not None

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

    async def _show(self, case: Case, audience: Audience, place: Place, *, anew: bool, draft: str = "") -> None:
        view = replace(self.view(place.locale), draft=draft)
        draw = person_card if audience is Audience.PERSON else case_card
        card, summary = draw(case, view), f"{case.number}: {status_word(case, _speech(audience), view)}"
        shown = await self._cards.shown(case.number, audience)
        here = shown.living if shown.living and _is_in(shown.living, place) else None
        if anew or here is None or not await self._messenger.replace(here, card, summary):
            posted = await self._messenger.post(place, card, summary)
            await self._cards.record(case.number, audience, posted)
        present = await self._cards.shown(case.number, audience)
        # The card we drew on may have been posted anew and folded meanwhile: then it is folded once more.
        for old in dict.fromkeys((*present.outdated, shown.living)):
            if old is not None and old != present.living:
                await self._fold(case, old, view)

    async def _fold(self, case: Case, old: Posted, view: View) -> None:
        with suppress(Unreachable):  # a chat or channel that is gone shows nothing any more
            await self._messenger.replace(
                old, folded_card(case, view), view.words("card.folded", number=str(case.number))
            )
        await self._cards.forget(case.number, old)


def _is_in(posted: Posted, place: Place) -> bool:
    """Whether a card lives in this chat or channel; the approvals channel may be another one by now."""
    return posted.place.conversation.partition(";messageid=")[0] == place.conversation


def _speech(audience: Audience) -> str:
    return "person" if audience is Audience.PERSON else "approver"
