"""What people go through in a week: most of it as it should be."""

from collections.abc import Callable, Iterator
from random import Random

from tests.simulation.days import HOUR, MINUTE, THEFTS, Days, Event
from tests.simulation.wire import DOWN, FORGETFUL, HANGING


def _incident(chance: Random, begins: float) -> Iterator[Event]:
    """A restriction, who asks about it, and what the approvers do: most of it as it should be."""
    days = Days(chance, begins)
    first, second = chance.sample(("bo", "cleo"), 2)
    yield from _asked(days)
    yield from _not_at_once(days, first)
    contained = days.stolen and days.often(0.4)
    if contained:
        yield from _contained(days, first, second)
    yield from _approved(days, first, second)
    if contained:
        yield from _given_back(days, first, second)


def _asked(days: Days) -> Iterator[Event]:
    chance, asker = days.chance, days.asker
    if days.stolen:
        yield days.then("thief", chance.choice(THEFTS))
    cause = chance.choice(("limit", "spam", "spam") if days.stolen else ("limit", "rate"))
    yield days.then("restricted", days.whose, cause, chance.choice((*("0",) * 6, "120", "1800")))
    yield days.then("asks", asker, days.whose, after=(MINUTE, 40 * MINUTE))
    if days.often(0.2):
        yield days.then("asks", asker, days.whose, after=(0.0, 0.2))
    if days.often(0.85):
        yield days.then("secures", asker)
    if days.often(0.15):
        yield days.presses(asker, "tell")
        yield days.presses(asker, "steps")
    for verb in (
        chance.choice(("password_done", "password_done", "password_cannot")),
        chance.choice(("mfa_done", "mfa_done", "mfa_cannot")),
        chance.choice(("mailing_no", "mailing_no", "mailing_yes", "mailing_unsure")),
    ):
        yield days.presses(asker, verb)
    yield days.presses(asker, chance.choice(("send", "send", "send", "tell")))
    yield days.presses(asker, "tell")  # whose steps are not done has no other way
    if days.stolen and days.often(0.5):
        yield days.then("thief", "tidies")
    if days.whose == "sales" and days.often(0.6):
        yield days.then("asks", "eve" if asker == "ana" else "ana", days.whose)
    if days.whose == "sales" and days.often(0.4):
        yield days.then("group", asker, "joins")
        yield days.presses(asker, "approve")


def _not_at_once(days: Days, approver: str) -> Iterator[Event]:
    """Something else than an approval comes first, or nothing does."""
    asker, later = days.asker, (MINUTE, 3 * HOUR)
    way = days.chance.choice(("denies", "asks", "withdraws", *("",) * 7))
    if way == "asks":
        yield days.presses(approver, "ask", later)
        yield days.presses(asker, "reply", later)
    elif way:
        yield days.presses(approver, "deny", later) if way == "denies" else days.presses(asker, "withdraw")
        yield days.then("asks", asker, days.whose, after=(HOUR, 3 * HOUR))
        yield days.presses(asker, "again")
        yield days.presses(asker, "tell")


def _approved(days: Days, first: str, second: str) -> Iterator[Event]:
    """Two who approve, and now and then what makes that hard: worse news that no card shows yet, a removal that goes
    wrong, a list that is away for hours."""
    later = (MINUTE, 3 * HOUR)
    if days.often(0.3):
        yield days.then("next removal", days.chance.choice(("lost answer", "lost call", "refused", "not begun")))
    if days.often(0.15):
        yield from _taken_back(days, first)
    if days.often(0.5):
        yield days.then("list is empty", after=later) if days.often(0.3) else _worse(days, later)
        later = (0.0, 60.0)
    yield days.presses(first, "approve", later)
    yield days.presses(first, "approve", (20.0, 5 * MINUTE))
    if days.often(0.4):
        yield _worse(days, (20.0, HOUR))
    yield days.presses(second, "approve", (0.0, 1.0) if days.often(0.15) else (MINUTE, HOUR))
    yield days.presses(second, "approve", (20.0, 5 * MINUTE))
    if days.often(0.25):
        yield from _held_up(days, first)
    yield from _afterwards(days, first, second)


def _worse(days: Days, after: tuple[float, float]) -> Event:
    """Something that no card shows yet."""
    if days.often(0.3):
        return days.then("thief", days.chance.choice(THEFTS), after=after)
    whose, cause = days.chance.choice(("ana", "alias", days.whose)), days.chance.choice(("spam", "limit"))
    return days.then("restricted", whose, cause, "0", after=after)


def _held_up(days: Days, approver: str) -> Iterator[Event]:
    """What was approved cannot be carried out for hours, and meanwhile somebody thinks again, or it gets worse."""
    yield days.then("weather", "list", DOWN, "14400", after=(0.0, 1.5))
    if days.often(0.4):
        yield days.presses(approver, "stop", (20.0, HOUR))
    elif days.often(0.5):
        yield _worse(days, (20.0, HOUR))


def _taken_back(days: Days, first: str) -> Iterator[Event]:
    """An approval that has to wait for the list, and a second thought."""
    yield days.then("weather", "list", HANGING, "60", after=(MINUTE, 3 * HOUR))
    yield days.presses(first, "approve", (0.0, 30.0))
    yield days.presses(first, "take_back", (8.0, 40.0))


def _afterwards(days: Days, first: str, second: str) -> Iterator[Event]:
    """What comes after the approvals: again, stopped, tried once more, handed over; and the person's word."""
    if days.often(0.3):
        yield days.presses(first, "approve", (0.0, 10 * MINUTE))
    if days.often(0.2):
        yield days.presses(first, "stop", (0.0, 20 * MINUTE))
    if days.often(0.4):
        yield days.presses(second, "retry", (MINUTE, 5 * HOUR))
        yield days.presses(first, "retry", (MINUTE, HOUR))
    if days.often(0.15):
        yield days.presses(second, days.chance.choice(("ticket", "close")), (2 * HOUR, 4 * HOUR))
    if days.often(0.2):
        yield days.presses(days.asker, "returned", (HOUR, 2 * HOUR))
    yield days.presses(days.asker, days.chance.choice(("works", "works", "bouncing")), (HOUR, 5 * HOUR))


def _failed(chance: Random, begins: float) -> Iterator[Event]:
    """Exchange refuses; two try again, perhaps on what is worse by now, or hand it over."""
    days, later = Days(chance, begins), (MINUTE, HOUR)
    first, second = chance.sample(("bo", "cleo"), 2)
    yield from _asked(days)
    yield days.then("next removal", "refused")
    for who in (first, second, first):
        yield days.presses(who, "approve", later)
    if days.often(0.4):
        yield _worse(days, later)
    if days.often(0.3):
        yield days.presses(second, chance.choice(("stop", "ticket", "close")), later)
    for who in (first, second, second, first):
        yield days.presses(who, "retry", later)
    yield from _afterwards(days, first, second)


def _lapsed(chance: Random, begins: float) -> Iterator[Event]:
    """Nobody hears what came of a removal, and then the list is away until the approval is too old."""
    days = Days(chance, begins)
    first, second = chance.sample(("bo", "cleo"), 2)
    yield from _asked(days)
    yield days.then("next removal", "lost call")
    for who in (first, first, second, second):
        yield days.presses(who, "approve")
    yield days.then("weather", "list", DOWN, chance.choice(("3600", "14400")), after=(10.0, 2 * MINUTE))
    if days.often(0.3):
        yield days.presses(second, "stop", (20.0, HOUR))
    elif days.often(0.5):
        yield _worse(days, (20.0, HOUR))
    yield from _afterwards(days, first, second)


def _once_more(chance: Random, begins: float) -> Iterator[Event]:
    """A thief tidies up, and asks once more after a denial, or a change of mind."""
    days = Days(chance, begins)
    days.stolen = True
    first, second = chance.sample(("bo", "cleo"), 2)
    yield from _asked(days)
    yield days.then("thief", "tidies", after=(10 * MINUTE, HOUR))
    if days.often(0.5):
        yield days.presses(first, "deny", (MINUTE, HOUR))
    else:
        yield days.presses(days.asker, "withdraw", (MINUTE, HOUR))
    yield days.then("asks", days.asker, days.whose, after=(1.2 * HOUR, 3 * HOUR))
    yield days.presses(days.asker, "tell")
    for who in (second, second, first, first):
        yield days.presses(who, "approve", (MINUTE, HOUR))
    yield from _afterwards(days, first, second)


def _contained(days: Days, first: str, second: str) -> Iterator[Event]:
    """Responders shut a thief out: one plan, its confirmation, what is left open, and sometimes an admin's account."""
    if days.often(0.4):
        yield days.then("privileged")
    yield days.presses(first, "contain", (MINUTE, HOUR))
    if days.often(0.2):
        yield days.presses(second, "contain_cancel")
        yield days.presses(second, "contain")
    yield days.presses(first, "contain_confirm")
    yield days.presses(second, "contain_confirm")
    if days.often(0.2):
        yield days.then("weather", "containment", FORGETFUL, "120", after=(0.0, 5.0))
    if days.often(0.5):
        yield days.presses(second, "contain_again", (10 * MINUTE, HOUR))
        yield days.presses(first, "contain_sign", (10 * MINUTE, 4 * HOUR))


def _given_back(days: Days, first: str, second: str) -> Iterator[Event]:
    for verb in days.chance.sample(_WAYS_BACK, 2):
        yield days.presses(first, verb, (MINUTE, HOUR))
        yield days.presses(second, verb)


def _limited(chance: Random, begins: float) -> Iterator[Event]:
    """An honest sender of a mailing: released, and given other limits by two approvers."""
    days = Days(chance, begins)
    first, second = chance.sample(("bo", "cleo"), 2)
    yield days.then("restricted", "ana", "limit", "0")
    yield days.then("asks", "ana", "ana", after=(MINUTE, 40 * MINUTE))
    yield days.then("secures", "ana")
    for verb in ("password_done", "mfa_done", "mailing_yes", "send"):
        yield days.presses("ana", verb)
    yield days.presses(first, "limits", (10 * MINUTE, HOUR))
    if days.often(0.3):
        yield days.then("thief", chance.choice(THEFTS))
    yield days.presses(chance.choice((first, second)), "limits_apply", (MINUTE, 10 * MINUTE))
    if days.often(0.2):
        yield days.presses(second, "limits_dismiss", (MINUTE, HOUR))
        yield days.presses(second, "limits", (MINUTE, HOUR))
    yield days.presses(second, "limits_apply", (MINUTE, HOUR))
    yield from _approved(days, first, second)
    yield days.presses(first, "limits_back", (MINUTE, 5 * HOUR))
    yield days.presses(second, "limits_back", (MINUTE, HOUR))


def _troubled(chance: Random, begins: float) -> Iterator[Event]:
    """Mail bounces for a reason that the list does not explain: the admins are told, and one of them mends it."""
    days, later = Days(chance, begins), (MINUTE, 3 * HOUR)
    asker, admin = chance.choice(("ana", "eve")), chance.choice(("bo", "cleo"))
    yield days.then("says", asker, chance.choice(_BOUNCES))
    yield days.presses(asker, "report")
    yield days.presses(asker, "tell", (50 * MINUTE, 2 * HOUR))
    yield days.presses(admin, "looking", later)
    if days.often(0.5):
        yield days.presses(admin, "ask", later)
        yield days.presses(asker, "reply", later)
    if days.often(0.3):
        yield days.presses(admin, "ticket", later)
    yield days.presses(admin, chance.choice(("done", "done", "done", "close")), later)
    if days.often(0.4):
        yield days.presses(asker, "bouncing", later)
        yield days.presses(admin, "done", later)
    yield days.presses(asker, chance.choice(("works", "works", "withdraw")), later)


def _unnoticed(chance: Random, begins: float) -> Iterator[Event]:
    """Nobody asks: the watch finds the sender, and an approver asks in their place."""
    days = Days(chance, begins)
    first, second = chance.sample(("bo", "cleo"), 2)
    if days.stolen:
        yield days.then("thief", chance.choice(THEFTS))
    # What is listed when the watch begins is no news.
    yield days.then("restricted", days.whose, chance.choice(("limit", "spam")), "0", after=(7 * HOUR, 8 * HOUR))
    yield days.presses(first, "ask_for", (7 * HOUR, 14 * HOUR))
    if days.often(0.4):
        yield days.then("asks", days.asker, days.whose)
    if days.often(0.3):
        yield from _contained(days, first, second)
    yield from _approved(days, first, second)


INCIDENTS: tuple[Callable[[Random, float], Iterator[Event]], ...] = (
    *(_incident, _failed, _incident, _limited, _incident),
    *(_unnoticed, _incident, _lapsed, _troubled, _once_more),
)
"""The weeks of everything; those of `themes` turn on one thing each."""
PERSONS_BUTTONS = frozenset(
    {
        *("send", "tell", "withdraw", "reply", "works", "bouncing", "again", "steps", "report"),
        *("password_done", "password_cannot", "mfa_done", "mfa_cannot", "mailing_no", "mailing_yes", "mailing_unsure"),
    }
)
"""What changes something in a person's chat; `returned` only shows."""
_WAYS_BACK = ("put_back_sessions", "put_back_password", "put_back_rules", "put_back_forwarding", "put_back_disable")
_BOUNCES = (
    "550 5.1.8 Access denied, bad outbound sender",
    "550 5.7.705 Access denied, tenant has exceeded threshold",
    "550 5.7.30 Basic authentication is not supported for Client Submission",
)
