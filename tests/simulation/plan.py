"""What happens in a week, drawn from a seed: honest days, thieves, approvers in a hurry, and everything that breaks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.responder import RESPONDER_VERBS
from tests.simulation import themes
from tests.simulation.acts import PEOPLE
from tests.simulation.days import HOUR, THEFTS, WEEK, Event
from tests.simulation.incidents import INCIDENTS, PERSONS_BUTTONS
from tests.simulation.wire import TROUBLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What a week turns on. `troubles`: how many things may go wrong beside; `often`: the odds of a second incident."""

    happens: Callable[[Random, float], Iterator[Event]]
    troubles: tuple[int, ...] = (0, 0, 0, 3)
    often: float = 0.0

    @property
    def name(self) -> str:
        return self.happens.__name__.strip("_")


_OF_EVERYTHING = tuple(Theme(happens=one, troubles=(0, 3, 6, 10, 16, 21), often=0.25) for one in INCIDENTS)
THEMES = (
    *_OF_EVERYTHING[:6],
    Theme(happens=themes.news),  # in the place of the fourth week of the commonest kind
    *_OF_EVERYTHING[7:],
    Theme(happens=themes.quiet, troubles=(0,)),
    Theme(happens=themes.held_up),
    Theme(happens=themes.one_hand),
    Theme(happens=themes.at_once),
    Theme(happens=themes.other_limits),
    Theme(happens=themes.tidied),
    Theme(happens=themes.relapsed),
    Theme(happens=themes.slow_teams),
    Theme(happens=themes.denied),
    Theme(happens=themes.waits_for_list),
    Theme(happens=themes.own_case),
    Theme(happens=themes.deaths),
    Theme(happens=themes.alone_again),
)
"""They go round with the seed, so that as many seeds in a row have something of everything."""


def theme_of(seed: int) -> Theme:
    """What the week of a seed turns on."""
    return THEMES[seed % len(THEMES)]


def plan(seed: int) -> list[Event]:
    """The events of a seed, in their order."""
    chance, theme = Random(f"plan {seed}"), theme_of(seed)
    begins = chance.uniform(0, 6 * HOUR)
    drawn = list(theme.happens(chance, begins))
    if chance.random() < theme.often:
        begins += chance.choice((HOUR, 8 * HOUR, 24 * HOUR))
        drawn += chance.choice(INCIDENTS)(chance, begins)
    drawn += [_trouble(chance, drawn) for _ in range(chance.choice(theme.troubles))]
    return sorted(drawn, key=lambda event: event.at)


_SOURCES = ("list", "list", "Teams", "Teams", "directory", "evidence", "rights", "mailboxes", "containment", "policies")
_ANY = APPROVER_VERBS | RESPONDER_VERBS | PERSONS_BUTTONS
_PRESSED = ("approve", "approve", "approve", "retry", "deny", "ask", "stop", "looking", "take_back", "gather", "close")


def _trouble(chance: Random, around: list[Event]) -> Event:
    """Something that goes wrong, mostly near something else that happens."""
    near = chance.choice(around).at if chance.random() < 0.75 else chance.uniform(0, WEEK / 3)
    at = max(0.0, near + chance.choice((chance.uniform(-2, 6), chance.uniform(-60, 180), chance.uniform(-600, 3600))))
    verb, given = chance.choice(_TROUBLES)(chance)
    return Event(at=at, verb=verb, given=given)


def _of(chance: Random, *choices: str) -> str:
    return chance.choice(choices)


def _span(chance: Random) -> str:
    return _of(chance, "20", "90", "600", "3600")


_TROUBLES = (
    lambda c: ("weather", (_of(c, *_SOURCES), _of(c, *TROUBLES), _span(c))),
    lambda c: ("weather", (_of(c, *_SOURCES), _of(c, *TROUBLES), _span(c))),
    lambda c: ("dies", (_of(c, "0", "1", "2"), _of(c, "1", "30", "400"))),
    lambda c: ("dies", (_of(c, "all"), _of(c, "1", "30", "400"))),
    lambda c: ("dies", (_of(c, "0", "1", "2"), _of(c, "1", "30", "400"))),
    lambda c: ("clock jumps", (_of(c, "0", "1", "2"), _of(c, "-300", "-40", "0", "40", "300"))),
    lambda c: ("list lags", (_of(c, "0", "120", "1200", "7200"),)),
    lambda c: ("list is cut", (_span(c),)),
    lambda _: ("list is empty", ()),
    lambda _: ("list is empty", ()),
    lambda c: ("next removal", (_of(c, "lost answer", "lost call", "refused", "not begun"),)),
    lambda c: ("next removal", (_of(c, "lost answer", "lost call", "lost call", "not begun"),)),
    lambda c: ("restricted", (_of(c, "ana", "alias", "sales"), _of(c, "limit", "spam"), "0")),
    lambda c: ("lifted", (_of(c, "ana", "alias", "sales"),)),
    lambda c: ("thief", (_of(c, *THEFTS, "tidies", "tidies"),)),
    lambda c: ("presses", (_of(c, "bo", "cleo", "eve", "ana"), _of(c, *_PRESSED), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "bo", "cleo"), _of(c, *_PRESSED), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "bo", "cleo"), _of(c, *sorted(APPROVER_VERBS | RESPONDER_VERBS)))),
    lambda c: ("presses", (_of(c, "bo", "cleo", "ana"), _of(c, *sorted(RESPONDER_VERBS)), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "ana", "eve"), _of(c, *sorted(PERSONS_BUTTONS)))),
    lambda c: ("presses anything", (_of(c, "bo", "cleo", "ana", "eve"), _of(c, "channel", "personal"))),
    lambda c: ("presses anything", (_of(c, "bo", "cleo"), "channel")),
    lambda c: ("forges", (_of(c, *PEOPLE), _of(c, *sorted(_ANY)), _of(c, "newest", "1"))),
    lambda c: ("types", (_of(c, "bo", "cleo", "ana"), _of(c, "approve", "deny", "stop"))),
    lambda c: ("says", (_of(c, "ana", "eve"), _of(c, "status", "withdraw", "my mail bounces"))),
    lambda c: ("comes again", (_of(c, "1", "2", "3", "5"),)),
    lambda c: ("comes again", (_of(c, "1", "1", "2", "4"),)),
    lambda c: ("channel goes", (_of(c, "60", "600", "3600"),)),
    lambda c: ("card is deleted", (_of(c, "1", "2", "3"),)),
    lambda c: ("group", (_of(c, "ana", "bo", "cleo"), _of(c, "joins", "leaves"))),
)
