"""Whatever a service answers, a client makes a value of it, or says that it could not be read; it never fails."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import yarl

from services.clients.access import Access, Sources
from services.clients.clock import SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.http import ApiClient
from services.clients.microsoft365 import microsoft365
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import Microsoft365
from services.recording.session import RawAnswer, Received
from tests.recording.conftest import Taken, as_session, reads
from tests.service import FixedTokens

ROUNDS = 15
"""Of chance, for each kind of read."""
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(10**400), "", " ", "x", "\0", "\ud800", "x" * 5_000),
    *([], {}, [None], [[]], [7], ["x"], {"x": None}, {"value": []}, [{}], {"": ""}, "[]", "null", "True", "Infinity"),
    *("2026-99-99T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "/Date(99999999999999)/"),
    *("smtp:", "@", "x@", "@x", "SMTP:x@y", "[SMTP:]", "😀" * 300, ["a@b", 7], {"code": 7, "message": []}),
)
BODIES = (
    *(b"", b"\0" * 64, b"\xff\xfe", b"null", b"7", b'"x"', b"[]", b"{}", b"[" * 50_000, b'{"a":' * 50_000),
    *(b"<html></html>", b'{"value": null}', b'{"value": {}}', b'{"value": [[]]}', b'{"error": 7}', b'{"error": {}}'),
    *(b'{"error": {"code": [], "message": {}, "details": 7, "innererror": []}}', b'{"ErrorRecords": 7}'),
    *(b'{"value": [' + b"9" * 5_000 + b"]}", b'{"@odata.nextLink": 7, "value": []}', b'{"value": [NaN, Infinity]}'),
    *(b'{"@odata.nextLink": "https://x/v1.0/x", "value": []}', b'{"@adminapi.warnings": 7, "value": []}'),
)
STATUSES = (200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 409, 418, 429, 500, 503)


class Answering:
    """Stands in for a session: answers from memory, one answer changed. Any call that is not known is not found."""

    def __init__(self, answers: Sequence[RawAnswer], changed: RawAnswer, instead: RawAnswer) -> None:
        self._answers = {_key(raw.method, raw.url, raw.body): raw for raw in answers}
        self._answers[_key(changed.method, changed.url, changed.body)] = instead

    @asynccontextmanager
    async def request(self, method: str, url: yarl.URL, **options: Any) -> AsyncIterator[Received]:
        known = self._answers.get(_key(method, url, options.get("json")))
        unknown = RawAnswer(method=method, url=url, body=None, status=404, headers={}, raw=b"{}")
        yield Received(known or unknown)


def _key(method: str, url: yarl.URL, body: Any) -> str:
    return f"{method} {url} {json.dumps(body, sort_keys=True)}"


def ports_over(session: Answering, taken: Taken) -> Microsoft365:
    async def at_once(seconds: float) -> None:
        del seconds

    def api(base_url: str) -> ApiClient:
        return ApiClient(
            session=as_session(session),
            base_url=base_url,
            tokens=FixedTokens(),
            timeout=timedelta(seconds=30),
            pause=at_once,
        )

    graph, exchange = api(taken.settings.graph_url), api(taken.settings.exchange_url)
    cmdlets = InvokeCommand(exchange, taken.settings.tenant)
    containment = Microsoft365Containment(graph, cmdlets)
    sources = Sources(graph=graph, cmdlets=cmdlets)
    return microsoft365(taken.settings, SystemClock(), Access(soon=sources, slow=sources), containment)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a JSON value, itself included; of a list, its first two."""
    yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for name, part in parts:
        yield from places(part, (*at, name))


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    if isinstance(value, dict):
        return {name: put(part, at[1:], new) if name == at[0] else part for name, part in value.items()}
    return [put(part, at[1:], new) if number == at[0] else part for number, part in enumerate(value)]


def without(value: Any, at: tuple[Any, ...]) -> Any:
    if isinstance(value, dict):
        if len(at) == 1:
            return {name: part for name, part in value.items() if name != at[0]}
        return {name: without(part, at[1:]) if name == at[0] else part for name, part in value.items()}
    if len(at) == 1:
        return [part for number, part in enumerate(value) if number != at[0]]
    return [without(part, at[1:]) if number == at[0] else part for number, part in enumerate(value)]


def mutated(raw: RawAnswer, chance: random.Random) -> RawAnswer:
    """The answer with one thing wrong: a value, a field, the body as a whole, its end, or the status."""
    how = chance.randrange(10)
    if how < 6:
        body = json.loads(raw.raw)
        at = chance.choice(list(places(body)))
        changed = without(body, at) if how == 0 and at else put(body, at, chance.choice(VALUES))
        return replace(raw, raw=json.dumps(changed).encode())
    if how == 6:
        return replace(raw, raw=raw.raw[: chance.randrange(len(raw.raw))])
    status = chance.choice(STATUSES)
    return replace(raw, raw=chance.choice(BODIES) if how < 9 else raw.raw, status=status)


def wrong(raw: RawAnswer) -> Iterator[RawAnswer]:
    """The answer with something of a wrong type, in every place in turn."""
    body = json.loads(raw.raw)
    for at in places(body):
        for value in (7, {"x": None}):
            yield replace(raw, raw=json.dumps(put(body, at, value)).encode())


def variants(name: str, answers: Sequence[RawAnswer]) -> Iterator[tuple[RawAnswer, RawAnswer]]:
    """An answer of a read, and what is to come instead of it."""
    for raw in answers:
        yield from ((raw, instead) for instead in wrong(raw))
    for number in range(ROUNDS):
        chance = random.Random(f"{name} {number}")
        raw = chance.choice(answers)
        yield raw, mutated(raw, chance)


async def test_no_answer_makes_a_client_fail(taken: Taken) -> None:
    failed, ended = [], Counter[str]()
    for name, answers in taken.of.items():
        for raw, instead in variants(name, answers):
            ports = ports_over(Answering(answers, raw, instead), taken)
            try:
                await dict(reads(ports, taken.subject))[name]()
            except (Unavailable, NotFound) as said:
                ended[type(said).__name__] += 1
            except Exception as bug:  # noqa: BLE001 - any other is what this test looks for
                failed.append(f"{name}: {bug!r} of HTTP {instead.status} {instead.raw[:500]!r}")
            else:
                ended["read"] += 1
    assert failed == []
    assert min(ended["read"], ended["Unavailable"]) > 200, ended
