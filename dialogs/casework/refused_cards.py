"""Cards that Teams did not take, each said in the log once."""

import logging

from services.domain.case.parts import CaseNumber
from services.ports.errors import CardRefused
from services.ports.storage import Audience

log = logging.getLogger("sendwell.cards")

_REMEMBERED_AT_MOST = 1_000


class Refusals:
    """Remembers whose card was refused last, so that each update of it is not news."""

    def __init__(self) -> None:
        self._known: set[tuple[CaseNumber, Audience]] = set()

    def refused(self, number: CaseNumber, audience: Audience, trouble: CardRefused) -> None:
        """Say so, unless it was said and the card was not taken since."""
        if (number, audience) not in self._known:
            log.error("case %s: Teams does not take the card for %s: %s", number, audience, trouble.logged)
        if len(self._known) >= _REMEMBERED_AT_MOST:
            self._known.clear()
        self._known.add((number, audience))

    def taken(self, number: CaseNumber, audience: Audience) -> None:
        """The card was taken: should it be refused one day, that is news again."""
        self._known.discard((number, audience))
