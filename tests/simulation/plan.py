"""What happens in a week, drawn from a seed: honest days, thieves, approvers in a hurry, and everything that breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from dialogs.conversations.approver_buttons import APPROVER_VERBS
from tests.simulation.wire import DOWN, TROUBLES

WEEK = 7 * 86_400.0
_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens, `at` so many seconds after the beginning: a verb of `acts`, and what it takes."""

    at: float
    verb: str
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        hours, seconds = divmod(self.at, _HOUR)
        return f"{hours:3.0f}h{seconds / 60:05.2f}  {self.verb} {' '.join(self.given)}".rstrip()


def plan(seed: int) -> list[Event]:
    """The events of a seed, in their order."""
    chance = Random(f"plan {seed}")
    drawn: list[Event] = []
    begins = chance.uniform(0, 6 * _HOUR)
    for _ in range(chance.choice((1, 1, 2))):
        drawn += _incident(chance, begins)
        begins += chance.choice((_HOUR, 8 * _HOUR, 24 * _HOUR))
    drawn += [_trouble(chance, drawn) for _ in range(chance.randrange(4, 22))]
    return sorted(drawn, key=lambda event: event.at)


class _Days:
    """Events one after the other, each some time after the one before."""

    def __init__(self, chance: Random, begins: float) -> None:
        self.chance, self._at = chance, begins
        self.whose = chance.choice(("ana", "ana", "ana", "alias", "sales"))
        self.asker = chance.choice(("ana", "ana", "eve")) if self.whose == "sales" else "ana"
        self.stolen = chance.random() < 0.4

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def then(self, verb: str, *given: str, after: tuple[float, float] = (20.0, 4 * _MINUTE)) -> Event:
        self._at += self.chance.uniform(*after)
        return Event(at=self._at, verb=verb, given=given)

    def presses(self, who: str, verb: str, after: tuple[float, float] = (20.0, 4 * _MINUTE)) -> Event:
        return self.then("presses", who, verb, after=after)


def _incident(chance: Random, begins: float) -> Iterator[Event]:
    """A restriction, who asks about it, and what the approvers do: most of it as it should be."""
    days = _Days(chance, begins)
    first, second = chance.sample(("bo", "cleo"), 2)
    yield from _asked(days)
    yield from _not_at_once(days, first)
    yield from _approved(days, first, second)


def _asked(days: _Days) -> Iterator[Event]:
    chance, asker = days.chance, days.asker
    if days.stolen:
        yield days.then("thief", chance.choice(THEFTS))
    cause = chance.choice(("limit", "spam", "spam") if days.stolen else ("limit", "rate"))
    yield days.then("restricted", days.whose, cause, chance.choice(("0", "0", "0", "120", "1800")))
    yield days.then("asks", asker, days.whose, after=(_MINUTE, 40 * _MINUTE))
    if days.often(0.2):
        yield days.then("asks", asker, days.whose, after=(0.0, 0.2))
    if days.often(0.8):
        yield days.then("secures", asker)
    for verb in ("password_done", "mfa_done", "mailing_no"):
        yield days.presses(asker, verb)
    yield days.presses(asker, chance.choice(("send", "send", "send", "tell")))
    if days.stolen and days.often(0.5):
        yield days.then("thief", "tidies")
    if days.whose == "sales" and days.often(0.6):
        yield days.then("asks", "eve" if asker == "ana" else "ana", days.whose)
    if days.whose == "sales" and days.often(0.4):
        yield days.then("group", asker, "joins")
        yield days.presses(asker, "approve")


def _not_at_once(days: _Days, approver: str) -> Iterator[Event]:
    """Something else than an approval comes first, or nothing does."""
    asker, later = days.asker, (_MINUTE, 3 * _HOUR)
    way = days.chance.choice(("denies", "asks", "withdraws", *("",) * 7))
    if way == "asks":
        yield days.presses(approver, "ask", later)
        yield days.presses(asker, "reply", later)
    elif way:
        yield days.presses(approver, "deny", later) if way == "denies" else days.presses(asker, "withdraw")
        yield days.then("asks", asker, days.whose, after=(_HOUR, 3 * _HOUR))
        yield days.presses(asker, "again")
        yield days.presses(asker, "tell")


def _approved(days: _Days, first: str, second: str) -> Iterator[Event]:
    """Two who approve, and now and then what makes that hard: worse news that no card shows yet, a removal that goes
    wrong, a list that is away for hours."""
    later = (_MINUTE, 3 * _HOUR)
    if days.often(0.3):
        yield days.then("next removal", days.chance.choice(("lost answer", "lost call", "refused", "not begun")))
    if days.often(0.25):
        yield days.then("restricted", days.chance.choice(("ana", "alias", days.whose)), "spam", "0", after=later)
        later = (0.0, 90.0)
    yield days.presses(first, "approve", later)
    if days.often(0.15):
        yield days.then("weather", "list", DOWN, "14400", after=(0.0, 0.5))
    yield days.presses(second, "approve", (0.0, 1.0) if days.often(0.1) else (_MINUTE, _HOUR))
    if days.often(0.15):
        yield days.then("weather", "list", DOWN, "14400", after=(0.0, 0.5))
    if days.often(0.3):
        yield days.presses(first, "approve", (0.0, 10 * _MINUTE))
    if days.often(0.2):
        yield days.presses(first, "stop", (0.0, 20 * _MINUTE))
    if days.often(0.4):
        yield days.presses(second, "retry", (_MINUTE, 5 * _HOUR))
        yield days.presses(first, "retry", (_MINUTE, _HOUR))
    yield days.presses(days.asker, days.chance.choice(("works", "works", "bouncing")), (_HOUR, 5 * _HOUR))


THEFTS = ("forwards", "risk", "two signs")
_SOURCES = ("list", "list", "Teams", "Teams", "directory", "evidence", "rights", "mailboxes")
_PRESSED = ("approve", "approve", "approve", "retry", "deny", "ask", "stop", "looking", "take_back", "gather", "close")
_PERSON_PRESSES = ("send", "tell", "withdraw", "reply", "works", "bouncing", "again", "password_done", "mfa_done")


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
    lambda c: ("Not restricted any more", (_of(c, "ana", "alias", "sales"),)),
    lambda c: ("thief", (_of(c, *THEFTS, "tidies", "tidies"),)),
    lambda c: ("presses", (_of(c, "bo", "cleo", "eve", "ana"), _of(c, *_PRESSED), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "bo", "cleo"), _of(c, *_PRESSED), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "bo", "cleo"), _of(c, *sorted(APPROVER_VERBS)))),
    lambda c: ("presses", (_of(c, "ana", "eve"), _of(c, *_PERSON_PRESSES))),
    lambda c: ("types", (_of(c, "bo", "cleo", "ana"), _of(c, "approve", "deny", "stop"))),
    lambda c: ("says", (_of(c, "ana", "eve"), _of(c, "status", "withdraw", "my mail bounces"))),
    lambda c: ("comes again", (_of(c, "1", "2", "3", "5"),)),
    lambda c: ("comes again", (_of(c, "1", "1", "2", "4"),)),
    lambda c: ("channel goes", (_of(c, "60", "600", "3600"),)),
    lambda c: ("card is deleted", (_of(c, "1", "2", "3"),)),
    lambda c: ("group", (_of(c, "ana", "bo", "cleo"), _of(c, "joins", "leaves"))),
)
