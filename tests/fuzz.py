"""Odd inputs for every reader of what strangers send: each makes a value of it, or refuses it as it says it does.

    python -m tests.fuzz 1000000

sends so many, an equal share to each reader, and prints how many and how fast. The suite sends some of the same. Whole
answers of services, with something wrong in every place, are the business of `tests/recording/test_any_answer.py`."""

import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import Any

from bot.reading import read
from dialogs.conversations.approver_buttons import APPROVER_VERBS, OPEN_CASE, command_of_click, command_of_text
from dialogs.conversations.inbound import Clicked, ConversationKind
from services.clients.exchange.list_dates import read_list_date
from services.clients.exchange.list_rows import sender_entry
from services.clients.exchange.mailbox_evidence import forwarding_in, rule_id
from services.domain.bounce.bounce import read_bounce
from services.domain.case.transition import Refused
from services.domain.intent import AboutCase, is_binding, is_plain, read_case_number, read_command, read_wish
from services.domain.restriction import read_reason
from services.ports.errors import Unavailable
from services.ports.storage import ActivityId
from services.ports.teams import ConversationRef
from tests.bot.test_fuzz import EDGES, bodies
from tests.cases import BO, LIMIT_REASON, NOW, SPAM_REASON
from tests.intents.labelled import utterances

_WHERE = ConversationRef(id="19:x@thread.tacv2", service_url="https://smba.example/")
_BOUNCES = (
    *(
        "550 5.1.8 Access denied, bad outbound sender",
        "Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;a@b.cc",
    ),
    *(
        "Remote Server returned '550 5.7.705 Access denied, tenant has exceeded threshold'",
        "From: a@b.cc\nSubject: x\n\n5.2.2",
    ),
    (
        "From: a\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        "Content-Type: message/delivery-status\n\nStatus: 4.4.7\n--b--"
    ),
)
_COMMANDS = (
    *(
        "why is case 17 waiting?",
        "approve 17 called: she was at my desk",
        "deny #17: no",
        "limits 17 own 1/2/3 for team@contoso.com",
        "limits 17 yes 2",
    ),
    *(
        "unblock ana@contoso.example x",
        "case 9",
        "use this channel",
        "contain 4 sessions",
        "@Sendwell cases",
        "“stop 3 x”",
    ),
)
_SIGNS = "\0\u200b\u202e\ud800é💥ß１٣ﷺİ\u0301送لا<>&=\"'“”@.:;,#/\\?\r\n\t()[]{}|*_-+ "
_REASONS = (SPAM_REASON, LIMIT_REASON, "", "x=1;y=2")
_FIELDS = (
    "SenderAddress",
    "Reason",
    "CreatedDatetime",
    "ChangedDatetime",
    "TemporaryBlock",
    "Identity",
    "ForwardingSmtpAddress",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reader, and what to send it: `make` returns an input, `run` reads it and raises nothing."""

    name: str
    make: Callable[[random.Random], Any]
    run: Callable[[Any], object]


def odd(text: str, chance: random.Random) -> str:
    """The text with some of it doubled, cut, torn apart, or replaced by signs that nobody expects."""
    for _ in range(chance.randrange(4)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        middle = chance.choice(("", text[at:to] * 2, chance.choice(_SIGNS) * chance.randrange(6), text[at:to].upper()))
        text = (text[:at] + middle + text[to:])[:2_000]
    return text


def _text_of(*seeds: str) -> Callable[[random.Random], str]:
    def made(chance: random.Random) -> str:
        return odd(" ".join(chance.choices(seeds, k=chance.randrange(1, 3))), chance)

    return made


def _command(text: str) -> None:
    command = read_command(text)
    if command is not None:
        is_binding(command)
        is_plain(text)
    if isinstance(command, AboutCase) and command.verb not in ("case", "contain", "why"):
        refused(lambda: command_of_text(BO, command))


def _form(chance: random.Random) -> tuple[str, Mapping[str, str]]:
    values = ("", "x", "true", "1", "0", "１", "-1", "9" * 30, "x" * 2_000, *_SIGNS)
    names = (
        "reason",
        "ground",
        "by_another_route",
        "facts",
        "words",
        "note",
        "plan",
        "external",
        "internal",
        "daily",
        "for",
    )
    return chance.choice((*sorted(APPROVER_VERBS), "", "x")), {
        name: chance.choice(values) for name in chance.sample(names, chance.randrange(6))
    }


def _click(form: tuple[str, Mapping[str, str]]) -> None:
    verb, inputs = form
    identity = ActivityId(conversation_id="x", activity_id="1")
    click = Clicked(
        by=BO, verb=verb, number=1, inputs=inputs, kind=ConversationKind.CHANNEL, conversation=_WHERE, activity=identity
    )
    if verb != OPEN_CASE:
        refused(lambda: command_of_click(click))


def refused(act: Callable[[], object]) -> None:
    """Does it; that it is refused, or cannot be read, is an answer."""
    with suppress(Refused, Unavailable):
        act()


def _row(chance: random.Random) -> dict[str, Any]:
    made = ("2026-11-24T13:00:00Z", "11/24/2026 1:00:00 PM", "ana@contoso.example", *_REASONS)
    return {name: chance.choice((*made, *EDGES, odd(chance.choice(made), chance))) for name in _FIELDS}


def _listed(row: dict[str, Any]) -> None:
    sender_entry(row, NOW)
    read_list_date(row["CreatedDatetime"], NOW)
    refused(lambda: forwarding_in(row))
    rule_id(row)
    read_case_number(row["Identity"])


SEEDS: Mapping[str, tuple[str, ...]] = {
    "bounces": _BOUNCES,
    "wishes": (*(one.words for one in utterances()), *_BOUNCES[:2]),
    "commands": _COMMANDS,
    "reasons": _REASONS,
}
"""What the texts for a reader are made of."""
_ACTIVITIES: Iterator[dict[str, Any]] = bodies()

TARGETS = (
    Target(name="bounces", make=_text_of(*SEEDS["bounces"]), run=read_bounce),
    Target(name="wishes", make=_text_of(*SEEDS["wishes"]), run=read_wish),
    Target(name="commands", make=_text_of(*SEEDS["commands"]), run=_command),
    Target(name="reasons", make=_text_of(*SEEDS["reasons"]), run=read_reason),
    Target(name="activities", make=lambda _: json.loads(json.dumps(next(_ACTIVITIES))), run=read),
    Target(name="forms", make=_form, run=_click),
    Target(name="rows of Exchange", make=_row, run=_listed),
)


def inputs_for(target: Target) -> Iterator[Any]:
    """Yields inputs without end, the same in every run."""
    chance = random.Random(target.name)
    while True:
        yield target.make(chance)


def failures(target: Target, count: int) -> list[str]:
    """What the reader raised, with the input that made it; at most ten."""
    found: list[str] = []
    for given in islice(inputs_for(target), count):
        try:
            target.run(given)
        except Exception as bug:  # noqa: BLE001 - any is what this looks for
            found.append(f"{bug!r} of {json.dumps(given, default=str)[:400]}")
            if len(found) == 10:
                break
    return found


def main() -> None:
    """Prints a line a reader, and what failed; ends with 1 where something did."""
    each, failed = int(sys.argv[1]) // len(TARGETS), False
    for target in TARGETS:
        begun = perf_counter()
        found = failures(target, each)
        took = perf_counter() - begun
        print(f"{target.name}: {each:,} inputs, {each / took:,.0f} a second, {len(found)} failures", flush=True)
        print(*found, sep="\n", end="\n" if found else "")
        failed = failed or bool(found)
    sys.exit(failed)


if __name__ == "__main__":
    main()
