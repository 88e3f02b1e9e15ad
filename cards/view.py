"""For whom and when a card is drawn."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cards.fit import Room
from cards.text import Moment, user_text
from cards.words import Words
from services.domain.case.case import Case
from services.domain.case.timing import Timing
from services.domain.delivery.traced import ReturnedMail
from services.domain.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Pages outside that cards name."""

    password_reset: str
    security_info: str
    helpdesk: str | None = None
    restricted_entities: str = "https://security.microsoft.com/restrictedentities"
    exchange_admin: str = "https://admin.exchange.microsoft.com"
    anti_spam: str = "https://security.microsoft.com/antispam"
    support: str = "https://admin.microsoft.com/support"
    teams: str = "https://teams.microsoft.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """A form that is asked for again: the verb that sent it, what was typed by the names of its fields, and what is
    wrong with which of them; `also` of others than the first."""

    verb: str
    typed: Mapping[str, str]
    field: str
    wrong: str
    also: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a card depends on beside the case. `notice` is one sentence for this viewer alone, `draft` what they
    already wrote of a reply."""

    words: Words
    now: datetime
    timing: Timing
    links: Links
    notice: str = ""
    draft: str = ""
    asked_again: AskedAgain | None = None
    """The form that they sent and are asked for again, open and beside its button; `notice` where there is none."""
    returned: ReturnedMail | Unknown | None = None
    """The viewer's own messages that came back, if they asked for them: drawn, and kept nowhere."""
    contains: bool = False
    """Whether responders may contain accounts."""
    room: Room = Room()
    """How much of the card there is room for."""

    def about(self, case: Case) -> "View":
        """The same view, whose sentences may name the sender of this case as `{person}`; of a connector, who asked."""
        asked = case.request.requested_by if case.sender.connector_id else None
        name = user_text(asked.name if asked else case.sender.name, 40) or self.words("person.unnamed")
        return replace(self, words=self.words.knowing(person=name))

    def in_channel(self) -> "View":
        """The same view for the many who read one card of a channel."""
        return replace(self, words=self.words.for_one_channel())

    def brief(self, at: datetime) -> Moment:
        """A time as short as it may be: of today, the time of day alone."""
        return Moment(at=at, with_date=not self.words.is_same_day(at, self.now))
