"""Every kind of actor × every button and command × every status: without the right, nothing changes at all."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.inbound import ConversationKind
from dialogs.conversations.responder import RESPONDER_VERBS
from services.clients.store.database import Database
from services.domain.case.creation import created_by_person
from services.domain.case.status import TROUBLES, Status
from services.domain.case.timers import timers
from services.domain.people import PersonId, Standing, TeamsUser
from services.ports.storage import Audience
from services.ports.teams import Posted
from tests.cases import ANA, BO, CASES, NOW, TIMING
from tests.dialogs.world import ANA_CLICKS, CHANNEL, LONG_DAYS, World

# Written a second time from the product's table, independently of the code.
PERSON_MAY: dict[Status, set[str]] = {
    Status.LOOKING: {"send", "tell", "withdraw"},
    Status.SECURING: {"secure", "send", "tell", "withdraw"},
    Status.WAITING: {"secure", "withdraw"},
    Status.NEEDS_INFO: {"reply", "withdraw"},
    Status.OFF_LIST: {"works", "bouncing"},
    Status.LAGGING: {"send", "tell", "works", "bouncing", "withdraw"},
    Status.REPORTED: {"works", "bouncing", "withdraw"},
    Status.ASKED_BACK: {"works", "bouncing", "reply", "withdraw"},
    Status.MENDED: {"works", "bouncing", "withdraw"},
    Status.ESCALATED: {"works", "withdraw"},
}
APPROVER_MAY: dict[Status, set[str]] = {
    Status.WAITING: {"approve", "deny", "ask", "looking", "stop"},
    Status.NEEDS_INFO: {"approve", "deny", "stop"},
    Status.SECURING: {"ask_for", "stop"},
    Status.APPROVED: {"stop"},
    Status.FAILED: {"retry", "ticket", "close", "stop"},
    Status.UNBLOCKED: {"stop"},
    Status.OFF_LIST: {"stop"},
    Status.NEEDS_TICKET: {"ticket", "close", "stop"},
    Status.WITH_MICROSOFT: {"close", "stop"},
    # A release may turn out wrong after the end of its case, too.
    Status.WORKS: {"stop"},
    Status.ALREADY_LIFTED: {"stop"},
    Status.CLOSED_UNCONFIRMED: {"stop"},
    Status.CLOSED: {"stop"},
    Status.RELAPSED: {"stop"},
    Status.WITHDRAWN: {"stop"},
    Status.EXPIRED: {"stop"},
    Status.REPORTED: {"looking", "ask", "done", "ticket", "close"},
    Status.ASKED_BACK: {"looking", "done", "ticket", "close"},
    Status.MENDED: {"ticket", "close"},
    Status.ESCALATED: {"done", "close"},
}
CONTAINABLE = {"securing", "waiting", "needs_info", "approved", "failed", "unblocked", "off_list", "needs_ticket"}
CONTAINABLE |= {"with_microsoft", "works", "denied", "withdrawn", "expired"}
CONTAINABLE |= {"already_lifted", "closed_unconfirmed", "closed", "relapsed"}
RESPONDER_MAY = {
    "contain": CONTAINABLE,
    "contain_again": CONTAINABLE,
    # Nothing is planned or taken in these cases.
    **{verb: set[str]() for verb in ("contain_confirm", "contain_cancel", "contain_sign")},
}
KNOWN = frozenset(status for status in Status if not status.is_ended) - {Status.LOOKING, *TROUBLES} | {Status.WORKS}
"""A restriction was found and the case is not over: evidence may be gathered, which leaves the status as it is."""
SECURING = ("password_done", "password_cannot", "mfa_done", "mfa_cannot", "mailing_yes", "mailing_no", "mailing_unsure")
PERSON_VERBS = (*SECURING, "send", "tell", "reply", "withdraw", "works", "bouncing")
CHANGING_APPROVER_VERBS = sorted(APPROVER_VERBS - {"open_case"})
UNKNOWN_VERBS = ("", "release", "APPROVE", "remove", "approve;deny")
FORM = {
    "reason": "come by",
    "words": "which tool?",
    "reference": "4711",
    "ground": "called her",
    "by_another_route": "true",
    "recipients": "1200",
    "for_reason": "she called",
    "sessions": "true",
    "stop_reason": "it was the thief on the phone",
    "facts": "1",
    "done": "gave the right",
    "close_reason": "moved to another mailbox",
}
OTHERS = {
    "former approver": Standing.NOT_APPROVER,
    "disabled approver": Standing.DISABLED,
    "guest approver": Standing.GUEST,
    "eligible approver": Standing.ELIGIBLE,
    "other employee": Standing.NOT_APPROVER,
}


def somebody(number: int, name: str) -> TeamsUser:
    return TeamsUser(id=PersonId(f"00000000-0000-4000-8000-2000000000{number:02}"), name=name)


RIGHTFUL = {"person": ANA_CLICKS, "person who is an approver": ANA_CLICKS, "approver": BO}
ACTORS: dict[str, TeamsUser] = {
    **RIGHTFUL,
    **{name: somebody(number, name) for number, name in enumerate(OTHERS)},
}


@pytest.fixture
def w(database: Database) -> World:
    """A world whose workers do not run, so that only commands of people change it."""
    world = World(database, replace(LONG_DAYS, messages_a_minute=9_999))
    world.approvers.standings |= {ACTORS[name].id: standing for name, standing in OTHERS.items()}
    return world


def is_allowed(actor: str, verb: str, status: Status) -> bool:
    if verb in PERSON_VERBS:
        meant = "secure" if verb in SECURING else verb
        return actor.startswith("person") and meant in PERSON_MAY.get(status, set())
    if verb in RESPONDER_VERBS:
        return actor == "approver" and str(status) in RESPONDER_MAY.get(verb, set())
    beside = {"gather"} if status in KNOWN else set()
    return actor == "approver" and verb in APPROVER_MAY.get(status, set()) | beside


async def everything(w: World) -> list[Any]:
    """All rows but the conversation references, which any activity of a person updates."""
    async with w.database.reading() as connection:
        return await connection.run_sync(_rows)


def _rows(connection: Connection) -> list[Any]:
    tables = ("cases", "events", "outbox", "cards", "seen", "lost_channels")
    return [list(connection.exec_driver_sql(f"select * from {table}")) for table in tables]


async def begin(w: World, status: Status) -> int:
    async with w.database.writing() as connection:
        for table in ("outbox", "events", "cards", "seen", "cases"):
            await connection.execute(text(f"delete from {table}"))
    case = await w.cases.save(created_by_person(CASES[status], NOW), timers(CASES[status], NOW, TIMING))
    # Its card was posted: a typed approval speaks of that.
    await w.cards.record(case.number, Audience.APPROVERS, Posted(conversation=CHANNEL, activity="1"), facts=1)
    return case.number


def combinations(status: Status) -> Iterator[tuple[str, str]]:
    """Who presses what: whoever may do something, and one of those who may nothing, each in turn. So each of these
    meets each button in some statuses, and each button in each status is pressed by one of them."""
    buttons = (*PERSON_VERBS, *CHANGING_APPROVER_VERBS, *sorted(RESPONDER_VERBS), *UNKNOWN_VERBS)
    for number, button in enumerate(buttons, start=list(Status).index(status)):
        yield from product((*RIGHTFUL, list(OTHERS)[number % len(OTHERS)]), (button,))


@pytest.mark.parametrize("status", Status, ids=str)
async def test_every_button(w: World, status: Status) -> None:
    number = await begin(w, status)
    before = await everything(w)
    for actor, verb in combinations(status):
        w.approvers.standings[ANA] = Standing.APPROVER if actor == "person who is an approver" else Standing.GUEST
        where = ConversationKind.PERSONAL if verb in PERSON_VERBS else ConversationKind.CHANNEL
        await w.only_presses(ACTORS[actor], verb, number, where, FORM)
        changed = await everything(w) != before
        assert changed == is_allowed(actor, verb, status), (actor, verb, status)
        if changed:
            number = await begin(w, status)
            before = await everything(w)


CHANGING = ("approve", "deny", "contain", "stop")
COMMANDS = (
    "contain {n} sessions",
    "approve {n} called: it was her",
    "deny {n} come by",
    "stop {n} it was the thief on the phone",
    "case {n}",
    "cases",
    "restricted",
    "use this channel",
)


def commands(status: Status) -> Iterator[tuple[str, tuple[str, ConversationKind]]]:
    """As `combinations`, with what is typed where."""
    typed = product(COMMANDS, (ConversationKind.CHANNEL, ConversationKind.PERSONAL))
    for number, one in enumerate(typed, start=list(Status).index(status)):
        yield from product((*RIGHTFUL, list(OTHERS)[number % len(OTHERS)]), (one,))


@pytest.mark.parametrize("status", Status, ids=str)
async def test_every_typed_command(w: World, status: Status) -> None:
    number = await begin(w, status)
    for actor, (command, where) in commands(status):
        w.approvers.standings[ANA] = Standing.APPROVER if actor == "person who is an approver" else Standing.GUEST
        verb = command.split()[0]
        before, channel = await everything(w), await w.conversations.channel()
        await w.only_says(ACTORS[actor], command.format(n=number), where)
        after = await everything(w)
        has_changed = verb in CHANGING and after != before
        # Nobody but its person may refer to a request that was never sent.
        sent = verb not in ("contain", "stop") or status is not Status.SECURING
        assert has_changed == (verb in CHANGING and sent and is_allowed(actor, verb, status)), (actor, command, status)
        may_command = actor in ("approver", "person who is an approver")
        # In one's own chat the word is a complaint, and answered with one's own case.
        complains = command == "restricted" and where is ConversationKind.PERSONAL
        if not may_command and not complains:
            assert after == before, (actor, command, status)
        if not may_command:
            assert await w.conversations.channel() == channel
        if has_changed or complains:
            number = await begin(w, status)
