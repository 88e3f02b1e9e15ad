"""What happens in a week, drawn from a seed: honest days, thieves, approvers in a hurry, and everything that breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.simulation.wire import TROUBLES

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
    chance = Random(f"plan {seed}")  # noqa: S311 - a seed that can be repeated is the point
    drawn: list[Event] = []
    begins = chance.uniform(0, 6 * _HOUR)
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        drawn += _incident(chance, begins)
        begins += chance.choice((_HOUR, 8 * _HOUR, 30 * _HOUR))
    drawn += [_trouble(chance, drawn) for _ in range(chance.randrange(4, 22))]
    return sorted(drawn, key=lambda event: event.at)


def _incident(chance: Random, begins: float) -> Iterator[Event]:
    """A restriction, who asks about it, and what the approvers do: most of it as it should be."""
    at = begins
    whose = chance.choice(("ana", "ana", "ana", "alias", "sales"))
    stolen = chance.random() < 0.4
    late = chance.choice(("0", "0", "0", "120", "1800"))

    def then(verb: str, *given: str, after: tuple[float, float] = (20.0, 4 * _MINUTE)) -> Event:
        nonlocal at
        at += chance.uniform(*after)
        return Event(at=at, verb=verb, given=given)

    if stolen:
        yield then("thief", chance.choice(THEFTS))
    yield then("restricted", whose, chance.choice(("limit", "spam", "spam") if stolen else ("limit", "rate")), late)
    asker = chance.choice(("ana", "ana", "eve")) if whose == "sales" else "ana"
    yield then("asks", asker, whose, after=(_MINUTE, 40 * _MINUTE))
    if chance.random() < 0.2:
        yield then("asks", asker, whose, after=(0.0, 0.2))
    if chance.random() < 0.8:
        yield then("secures", asker)
    for verb in ("password_done", "mfa_done", "mailing_no"):
        yield then("presses", asker, verb)
    yield then("presses", asker, chance.choice(("send", "send", "send", "tell")))
    if stolen and chance.random() < 0.5:
        yield then("thief", "tidies")
    if whose == "sales" and chance.random() < 0.6:
        yield then("asks", "eve" if asker == "ana" else "ana", whose)
    if whose == "sales" and chance.random() < 0.4:
        yield then("group", asker, "joins")
        yield then("presses", asker, "approve")
    first, second = chance.sample(("bo", "cleo"), 2)
    way = chance.choice(("approves",) * 7 + ("denies", "asks", "withdraws", "at once"))
    if way == "denies":
        yield then("presses", first, "deny", after=(_MINUTE, 3 * _HOUR))
        yield then("asks", asker, whose, after=(_HOUR, 3 * _HOUR))
        yield then("presses", asker, "again")
        yield then("presses", asker, "tell")
    elif way == "asks":
        yield then("presses", first, "ask", after=(_MINUTE, 2 * _HOUR))
        yield then("presses", asker, "reply", after=(_MINUTE, _HOUR))
    elif way == "withdraws":
        yield then("presses", asker, "withdraw")
        yield then("asks", asker, whose, after=(_MINUTE, 3 * _HOUR))
        yield then("presses", asker, "tell")
    yield then("presses", first, "approve", after=(3 * _MINUTE, 3 * _HOUR))
    quick = (0.0, 1.0) if way == "at once" else (_MINUTE, _HOUR)
    yield then("presses", second, "approve", after=quick)
    if chance.random() < 0.3:
        yield then("presses", first, "approve", after=(0.0, 10 * _MINUTE))
    if chance.random() < 0.15:
        yield then("presses", chance.choice((first, second)), "stop", after=(0.0, 20 * _MINUTE))
    if chance.random() < 0.4:
        yield then("presses", second, "retry", after=(_MINUTE, 5 * _HOUR))
        yield then("presses", first, "retry", after=(_MINUTE, _HOUR))
    yield then("presses", asker, chance.choice(("works", "works", "bouncing")), after=(_HOUR, 5 * _HOUR))


THEFTS = ("forwards", "risk", "two signs")
_SOURCES = ("list", "list", "Teams", "Teams", "directory", "evidence", "rights", "mailboxes")
_PRESSED = ("approve", "approve", "approve", "retry", "deny", "ask", "stop", "looking", "take_back", "gather", "close")
_PERSON_PRESSES = ("send", "tell", "withdraw", "reply", "works", "bouncing", "again", "password_done", "mfa_done")


def _trouble(chance: Random, around: list[Event]) -> Event:
    """Something that goes wrong, mostly near something else that happens."""
    near = chance.choice(around).at if chance.random() < 0.75 else chance.uniform(0, WEEK / 2)
    at = max(0.0, near + chance.choice((chance.uniform(-2, 6), chance.uniform(-60, 180), chance.uniform(-600, 3600))))
    verb, given = chance.choice(_TROUBLES)(chance)
    return Event(at=at, verb=verb, given=given)


def _of(chance: Random, *choices: str) -> str:
    return chance.choice(choices)


def _span(chance: Random) -> str:
    return _of(chance, "20", "90", "600", "3600", "14400")


_TROUBLES = (
    lambda c: ("weather", (_of(c, *_SOURCES), _of(c, *TROUBLES), _span(c))),
    lambda c: ("weather", (_of(c, *_SOURCES), _of(c, *TROUBLES), _span(c))),
    lambda c: ("dies", (_of(c, "0", "1", "2"), _of(c, "1", "30", "400"))),
    lambda c: ("dies", (_of(c, "all"), _of(c, "1", "30", "400"))),
    lambda c: ("dies", (_of(c, "0", "1", "2"), _of(c, "1", "30", "400"))),
    lambda c: ("clock jumps", (_of(c, "0", "1", "2"), _of(c, "-300", "-40", "0", "40", "300"))),
    lambda c: ("list lags", (_of(c, "0", "120", "1200", "7200"),)),
    lambda c: ("list is cut", (_span(c),)),
    lambda c: ("list is empty", ()),
    lambda c: ("list is empty", ()),
    lambda c: ("next removal", (_of(c, "lost answer", "lost call", "refused", "not begun"),)),
    lambda c: ("next removal", (_of(c, "lost answer", "lost call", "lost call", "not begun"),)),
    lambda c: ("restricted", (_of(c, "ana", "alias", "sales"), _of(c, "limit", "spam"), "0")),
    lambda c: ("lifted", (_of(c, "ana", "alias", "sales"),)),
    lambda c: ("thief", (_of(c, *THEFTS, "tidies", "tidies"),)),
    lambda c: ("presses", (_of(c, "bo", "cleo", "eve", "ana"), _of(c, *_PRESSED), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "bo", "cleo"), _of(c, *_PRESSED), _of(c, "", "old"))),
    lambda c: ("presses", (_of(c, "ana", "eve"), _of(c, *_PERSON_PRESSES))),
    lambda c: ("types", (_of(c, "bo", "cleo", "ana"), _of(c, "approve", "deny", "stop"))),
    lambda c: ("says", (_of(c, "ana", "eve"), _of(c, "status", "withdraw", "my mail bounces"))),
    lambda c: ("comes again", (_of(c, "1", "2", "3", "5"),)),
    lambda c: ("comes again", (_of(c, "1", "1", "2", "4"),)),
    lambda c: ("group", (_of(c, "ana", "bo", "cleo"), _of(c, "joins", "leaves"))),
)
