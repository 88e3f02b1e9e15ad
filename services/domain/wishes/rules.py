"""Which ideas together make which wish: one table for all languages. The strongest rule that holds decides."""

from dataclasses import dataclass

from services.domain.wishes.ideas import NAMED_LANGUAGES, Idea
from services.domain.wishes.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """These ideas, and none of those, make that wish with so many points."""

    kind: Topic
    points: int
    ideas: frozenset[Idea]
    without: frozenset[Idea] = frozenset()

    def holds(self, ideas: frozenset[Idea]) -> bool:
        """Whether the rule fits what was found."""
        return self.ideas <= ideas and not self.without & ideas


def _rules(kind: Topic, *rows: tuple[int, str]) -> tuple[Rule, ...]:
    """`"a + b - c"`: the ideas a and b without c."""
    made = []
    for points, row in rows:
        wanted, *unwanted = row.split(" - ")
        ideas, without = (frozenset(Idea(name.strip()) for name in part) for part in (wanted.split("+"), unwanted))
        made.append(Rule(kind=kind, points=points, ideas=ideas, without=without))
    return tuple(made)


RULES: tuple[Rule, ...] = (
    *_rules(
        Topic.LOOK,
        (2, "mail"),
        (2, "send"),
        (3, "cannot"),
        (3, "send + cannot"),
        (4, "mail + why"),
        (4, "mail + help"),
        (4, "send + help"),
        (4, "request + decide - question"),
        (10, "when + cannot - question"),
        (7, "language + mail"),
        (4, "blocked"),
        (4, "bounce"),
        (5, "account + blocked"),
        (5, "mail + not"),
        (5, "mail + cannot"),
        (5, "mail + blocked"),
        (5, "mail + bounce"),
        (5, "unblock"),
        (9, "cancel + blocked - request - no longer - still - not"),
        (6, "unblock + can you"),
        (5, "works + not"),
        (6, "works + not + mail"),
        (5, "send + not"),
        (5, "send + cannot"),
        (6, "send + not + mail"),
        (6, "send + cannot + mail"),
        (6, "send + blocked"),
        (6, "send + why"),
        (6, "blocked + why"),
        (6, "bounce + why"),
        (7, "hacked + send + not"),
        (7, "hacked + send + cannot"),
        (6, "hacked + mail + not"),
        (6, "hacked + mail + bounce"),
        (6, "mailbox + blocked"),
        (5, "receive + not"),
        (6, "receive + mail + not"),
    ),
    *_rules(
        Topic.BOUNCING,
        (6, "works + not"),
        (4, "bounce"),
        (3, "blocked"),
        (4, "still"),
        (7, "works + bounce - no longer - not"),
        (7, "still + blocked"),
        (7, "still + bounce"),
        (7, "still + cannot"),
        (7, "still + send + not"),
        (7, "still + mail + not"),
        (7, "still + works + not"),
        (7, "still + not - status - when - how long"),
        (8, "still + works + not + mail"),
        (8, "still + send + not + mail"),
        (8, "still + why + blocked"),
        (8, "still + why + bounce"),
        (7, "still + mail + cannot"),
        (8, "still + bounce + mail"),
        (8, "still + blocked + mail"),
    ),
    *_rules(
        Topic.WORKS,
        (4, "works - not"),
        (5, "works + yes - not"),
        (6, "works + now - not"),
        (6, "works + mail + now - not"),
        (6, "works + send + now - not"),
        (8, "no longer + blocked"),
        (8, "no longer + bounce"),
        (8, "no longer + cannot"),
        (6, "works + yes + now - not"),
        (5, "works + thanks - not"),
        (5, "works + mail - not"),
    ),
    *_rules(
        Topic.STATUS,
        (5, "status"),
        (2, "request"),
        (7, "status + request"),
        (7, "request + decide + question"),
        (6, "status + decide"),
        (6, "status + question"),
        (6, "works + question - not"),
        (7, "works + now + question - not"),
        (6, "unblock + question - can you"),
        (7, "unblock + now + question - can you"),
        (9, "still + blocked + question - why"),
        (7, "cancel + not + request"),
        (6, "cancel + not"),
    ),
    *_rules(Topic.HELP, (1, "hello"), (2, "help"), (9, "capabilities"), (3, "help + can you"), (2, "can you")),
    *_rules(Topic.THANKS, (1, "fine"), (2, "thanks"), (4, "thanks + help - can you"), (1, "yes")),
    *_rules(
        Topic.TIME,
        (6, "how long"),
        (4, "when"),
        (9, "how long + blocked"),
        (9, "how long + still"),
        (9, "how long + unblock"),
        (9, "how long + decide"),
        (8, "how long + request"),
        (8, "how long + status"),
        (8, "how long + works"),
        (8, "how long + send"),
        (9, "how long + send + not"),
        (8, "how long + account"),
        (9, "when + works"),
        (9, "when + send"),
        (9, "when + unblock"),
        (9, "when + blocked"),
        (9, "when + decide"),
        (8, "when + request"),
        (8, "when + status"),
        (8, "when + mail"),
        (9, "when + mail + works"),
    ),
    *_rules(
        Topic.WHO,
        (3, "who"),
        (10, "who + decide"),
        (7, "who + request"),
        (9, "who + unblock"),
        (8, "who + blocked"),
        (4, "decide + question"),
    ),
    *_rules(
        Topic.HACKED,
        (6, "hacked"),
        (7, "hacked + account"),
        (8, "hacked + question"),
        (8, "hacked + account + question"),
    ),
    *_rules(
        Topic.WHY,
        (4, "why"),
        (9, "why + denied"),
        (6, "denied"),
        (7, "denied + request"),
        (8, "why + not + decide"),
        (8, "why + not + unblock"),
    ),
    *_rules(
        Topic.HUMAN,
        (4, "human"),
        (4, "talk"),
        (6, "help desk"),
        (9, "talk + human"),
        (9, "talk + help desk"),
        (8, "talk + who"),
        (9, "talk + who + help desk"),
        (8, "who + help desk"),
        (7, "human + can you"),
        (7, "help desk + can you"),
    ),
    *_rules(
        Topic.WITHDRAW,
        (6, "cancel - not"),
        (8, "cancel + request - not"),
        (3, "cancel"),
    ),
    *_rules(
        Topic.COLLEAGUE,
        (4, "colleague"),
        (10, "colleague + cannot"),
        (10, "colleague + send + not"),
        (10, "colleague + mail + not"),
        (10, "colleague + blocked"),
        (9, "colleague + bounce"),
        (9, "colleague + unblock"),
        (9, "colleague + hacked"),
        (9, "colleague + works + not"),
        (10, "colleague + still + blocked"),
    ),
    *_rules(Topic.LANGUAGE, (6, "language"), (8, "language + can you")),
    *(Rule(kind=Topic.LANGUAGE, points=10, ideas=frozenset((tongue, Idea.CAN_YOU))) for tongue in NAMED_LANGUAGES),
    *(
        Rule(kind=Topic.SPEAK, points=7, ideas=frozenset((tongue,)), without=frozenset((Idea.CAN_YOU,)))
        for tongue in NAMED_LANGUAGES
    ),
    *_rules(Topic.OFFTOPIC, (5, "elsewhere"), (7, "elsewhere - mail")),
)
