"""Weeks that turn on one thing each: what must happen together to show a slip, which a week of everything seldom has.

Each is some minutes of people and machines in a certain order; times, persons and what is done with it are drawn."""

from collections.abc import Iterator
from random import Random

from tests.simulation.days import HOUR, MINUTE, Days, Event
from tests.simulation.wire import DOWN, HANGING, SLOW, THROTTLED

_AT_ONCE = (0.0, 0.03)
"""As far apart as two people are who press at the same moment."""


def quiet(chance: Random, begins: float) -> Iterator[Event]:
    """An honest sender, two approvers, and nothing that breaks: what is too much shows."""
    days, (first, second) = _begun(chance, begins)
    yield from _sent(days, "limit")
    yield days.presses(first, "looking")
    if days.often(0.5):
        yield days.presses(second, "ask")
        yield days.presses(days.asker, "reply")
    yield from _by_two(days, first, second)
    yield days.presses(days.asker, "works", (HOUR, 5 * HOUR))


def at_once(chance: Random, begins: float) -> Iterator[Event]:
    """Everybody at the same moment, and every activity comes once more beside itself."""
    days, (first, second) = _begun(chance, begins, whose="sales")
    yield days.then("restricted", "sales", "limit", "0")
    for _ in range(5):
        for who in ("ana", "eve"):
            yield days.presses(who, "withdraw")
        for who, after in zip(chance.sample(("ana", "eve"), 2), ((HOUR, 2 * HOUR), _AT_ONCE), strict=True):
            yield days.then("asks", who, "sales", after=after)
    yield from _steps(days)
    for verbs in (("looking", "looking"), ("ask", "gather"), ("looking", "ask"), ("approve", "deny")):
        for who, verb, after in ((first, verbs[0], (MINUTE, HOUR)), (second, verbs[1], _AT_ONCE)):
            yield days.presses(who, verb, after)
            yield days.then("comes again", "1", after=_AT_ONCE)
    yield days.presses(days.asker, "reply")
    yield days.presses(second, "approve")
    yield days.presses(first, "approve", _AT_ONCE)
    yield days.presses(second, "stop", _AT_ONCE)


def held_up(chance: Random, begins: float) -> Iterator[Event]:
    """What was approved cannot be carried out for a while; meanwhile it gets worse, or it gets late."""
    days, (first, _) = _begun(chance, begins, whose="ana")
    yield from _sent(days, chance.choice(("limit", "spam")))
    yield days.then("next removal", chance.choice(("lost call", "lost call", "not begun")))
    yield days.presses(first, "approve")
    late = days.often(0.4)
    span = "9000" if late else chance.choice(("1200", "3600", "3600"))
    yield days.then("weather", "list", DOWN, span, after=(3.0, 20.0))
    if not late:
        yield days.then("restricted", chance.choice(("alias", "alias", "ana")), "spam", "0", after=(20.0, 15 * MINUTE))
    yield days.presses(days.asker, "works", (2.5 * HOUR, 5 * HOUR))  # the list is back by then


def one_hand(chance: Random, begins: float) -> Iterator[Event]:
    """One responder and approver does all that takes two."""
    days, (first, second) = _begun(chance, begins, stolen=True)
    yield days.then("thief", chance.choice(("forwards", "risk")))
    yield from _sent(days, chance.choice(("spam", "limit")))
    if days.often(0.6):
        yield days.then("privileged")
    yield days.then("presses", first, "contain", chance.choice(("", "all")), after=(MINUTE, HOUR))
    yield days.presses(first, "contain_confirm")
    yield days.presses(second, "contain_confirm")
    yield days.presses(first, "contain_sign", (20 * MINUTE, HOUR))
    for verb in ("put_back_forwarding", "put_back_disable", "put_back_rules"):
        yield days.presses(first, verb, (2 * MINUTE, 10 * MINUTE))
        yield days.presses(first, verb)
    yield days.presses(first, "approve")
    yield days.presses(first, "approve")
    yield from _word(days)


def tidied(chance: Random, begins: float) -> Iterator[Event]:
    """A thief tidies up once it was seen; one approver alone goes on, in a case of its own."""
    days, (first, second) = _begun(chance, begins, stolen=True)
    yield days.then("thief", chance.choice(("forwards", "risk")))
    yield from _sent(days, chance.choice(("limit", "spam")))
    yield days.then("thief", "tidies", after=(10 * MINUTE, HOUR))
    yield days.presses(second, "gather", (MINUTE, 10 * MINUTE))
    yield days.presses(days.asker, "withdraw")
    yield days.then("asks", days.asker, days.whose, after=(HOUR, 3 * HOUR))
    yield days.presses(days.asker, "tell")
    for _ in range(2):
        yield days.presses(first, "approve", (20 * MINUTE, HOUR))
    yield from _word(days)


def alone_again(chance: Random, begins: float) -> Iterator[Event]:
    """Two answered for what looks stolen, and Exchange refused. It gets worse, and a third approver tries alone."""
    days, (first, second) = _begun(chance, begins, whose="ana", stolen=True)
    yield days.then("thief", chance.choice(("forwards", "risk")))
    yield from _sent(days, chance.choice(("limit", "spam")))
    yield days.then("next removal", "refused")
    yield from _by_two(days, first, second)
    if days.often(0.8):
        yield days.then("restricted", chance.choice(("ana", "ana", "alias")), "spam", "0")
    yield days.then("group", "eve", "joins")
    for _ in range(3):
        yield days.presses("eve", "retry", (MINUTE, 20 * MINUTE))
    yield from _word(days)


def denied(chance: Random, begins: float) -> Iterator[Event]:
    """Denied, asked for once more after the pause, denied by somebody else, and then approved by one of them."""
    days, (first, second) = _begun(chance, begins)
    yield from _sent(days, chance.choice(("limit", "spam")))
    for who in (first, second):
        yield days.presses(who, "deny", (MINUTE, HOUR))
        yield days.presses(days.asker, "again", (5 * HOUR, 8 * HOUR))
        yield days.then("asks", days.asker, days.whose)
        yield days.presses(days.asker, "tell")
    for who in (first, first):
        yield days.presses(who, "approve", (MINUTE, HOUR))
    yield from _word(days)


def relapsed(chance: Random, begins: float) -> Iterator[Event]:
    """Released, and listed again while it is watched."""
    days, (first, second) = _begun(chance, begins)
    yield from _sent(days, "limit")
    yield from _by_two(days, first, second)
    yield days.presses(days.asker, chance.choice(("works", "works", "bouncing")), (2 * HOUR, 5 * HOUR))
    yield days.then("restricted", days.whose, chance.choice(("limit", "spam")), "0", after=(MINUTE, 3 * HOUR))
    if days.often(0.5):
        yield days.then("asks", days.asker, days.whose, after=(MINUTE, 8 * HOUR))
    yield from _by_two(days, second, first)


def other_limits(chance: Random, begins: float) -> Iterator[Event]:
    """Other limits by one hand, or on what is old by the time that policies can be changed, or for a thief."""
    days, (first, second) = _begun(chance, begins, whose="ana")
    yield from _sent(days, "limit", mailing="mailing_yes")
    thief = days.often(0.4)
    if thief:
        yield days.then("thief", chance.choice(("forwards", "risk")))
        yield days.presses(second, "gather")
    yield days.presses(first, "limits", (10 * MINUTE, HOUR))
    yield days.presses(first, "limits_apply", (5 * MINUTE, 10 * MINUTE))
    if days.often(0.6):
        yield days.then("weather", "policies", DOWN, "1800", after=(10.0, MINUTE))
    yield days.presses(second, "limits_apply", (20.0, MINUTE))
    if not thief:
        yield days.then("restricted", chance.choice(("alias", "ana")), "spam", "0", after=(MINUTE, 10 * MINUTE))
    yield days.presses(first, "limits_back", (2 * HOUR, 5 * HOUR))


def waits_for_list(chance: Random, begins: float) -> Iterator[Event]:
    """Whoever approves has to wait: the list answers late, or is away for a while."""
    days, (first, second) = _begun(chance, begins)
    yield from _sent(days, "limit")
    yield days.then("weather", "list", chance.choice((HANGING, SLOW, DOWN)), chance.choice(("60", "600")), after=(0, 9))
    yield days.presses(first, "approve", (0.0, 30.0))
    if days.often(0.3):
        yield days.presses(first, "take_back", (8.0, 40.0))
    yield from _by_two(days, second, first)
    yield from _word(days)


def slow_teams(chance: Random, begins: float) -> Iterator[Event]:
    """Cards arrive in another order than they were sent, or Teams asks to wait."""
    days, (first, second) = _begun(chance, begins)
    yield from _sent(days, "limit")
    yield days.then("weather", "Teams", chance.choice((SLOW, SLOW, THROTTLED)), "7200", after=(MINUTE, HOUR))
    for _ in range(days.chance.randrange(4, 7)):
        yield days.presses(first, "looking", (20 * MINUTE, 25 * MINUTE))
        yield days.presses(second, "looking", (0.5, 6.0))
        yield days.presses(first, "looking", (0.5, 6.0))


def news(chance: Random, begins: float) -> Iterator[Event]:
    """Something that no card shows yet, in the moment before somebody approves what theirs shows."""
    days, (first, second) = _begun(chance, begins, whose="ana")
    yield from _sent(days, "limit")
    yield days.then("restricted", chance.choice(("alias", "ana")), chance.choice(("limit", "spam")), "0")
    for who in (first, first, second):
        yield days.presses(who, "approve", (5.0, MINUTE))
    yield from _word(days)


def own_case(chance: Random, begins: float) -> Iterator[Event]:
    """One read of the list is empty by mistake. Who asks becomes an approver, and does an approver's part."""
    days, (first, _) = _begun(chance, begins, whose="sales")
    days.asker = chance.choice(("ana", "eve"))
    yield from _sent(days, "limit")
    yield days.then("list is empty")
    yield days.then("group", days.asker, "joins", after=(3.5 * HOUR, 5 * HOUR))
    for verb in chance.sample(("looking", "ask", "approve", "gather"), 4):
        yield days.presses(days.asker, verb)
    yield days.presses(first, "approve", (MINUTE, HOUR))
    yield days.presses(days.asker, chance.choice(("deny", "stop", "approve")))


def deaths(chance: Random, begins: float) -> Iterator[Event]:
    """Somebody dies at every step: just before it, in the middle, or just after."""
    days, (first, second) = _begun(chance, begins)
    steps = (*_sent(days, chance.choice(("limit", "spam"))), *_by_two(days, first, second), *_word(days))
    for step in steps:
        if days.often(0.6):
            at = max(0.0, step.at + chance.uniform(-1, 3))
            yield Event(at=at, verb="dies", given=(chance.choice(("0", "1", "2", "all")), chance.choice(("1", "90"))))
        yield step


def _begun(chance: Random, begins: float, *, whose: str = "", stolen: bool = False) -> tuple[Days, tuple[str, str]]:
    days = Days(chance, begins)
    days.stolen = stolen
    if whose:
        days.whose, days.asker = whose, "ana"
    first, second = chance.sample(("bo", "cleo"), 2)
    return days, (first, second)


def _sent(days: Days, cause: str, mailing: str = "mailing_no") -> Iterator[Event]:
    """Restricted, secured, asked for."""
    yield days.then("restricted", days.whose, cause, "0")
    yield days.then("asks", days.asker, days.whose, after=(MINUTE, 40 * MINUTE))
    yield days.then("secures", days.asker)
    yield from _steps(days, mailing)


def _steps(days: Days, mailing: str = "mailing_no") -> Iterator[Event]:
    for verb in ("password_done", "mfa_done", mailing, "send", "tell"):
        yield days.presses(days.asker, verb)


def _by_two(days: Days, first: str, second: str) -> Iterator[Event]:
    """Both approve, each twice: a click on a card whose facts got worse only shows what is new."""
    for who in (first, first, second, second):
        yield days.presses(who, "approve", (MINUTE, 20 * MINUTE) if who == first else (20.0, 5 * MINUTE))


def _word(days: Days) -> Iterator[Event]:
    yield days.presses(days.asker, days.chance.choice(("works", "bouncing")), (HOUR, 5 * HOUR))
