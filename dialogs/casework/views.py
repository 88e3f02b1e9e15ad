"""How somebody sees things at this moment."""

from dataclasses import dataclass
from datetime import UTC, tzinfo

from cards.view import Links, View
from cards.words import words_for
from services.domain.case.timing import Timing
from services.ports.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Makes the view that a card is drawn for. `contains`: whether responders may contain accounts; `zone`: of
    times that Teams cannot write in each reader's own."""

    clock: Clock
    timing: Timing
    links: Links
    contains: bool
    zone: tzinfo = UTC

    def of(self, locale: str, notice: str = "") -> View:
        """As a reader of that locale sees things now; `notice` is for them alone."""
        return View(
            words=words_for(locale, self.zone),
            now=self.clock.now(),
            timing=self.timing,
            links=self.links,
            notice=notice,
            contains=self.contains,
        )
