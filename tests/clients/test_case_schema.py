"""Stored cases outlive the program that stored them: every version can be read, and no field is dropped."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

import pytest

from services.clients.store.case_schema import SCHEMA, read, write
from services.clients.store.case_upgrades import _SENTENCES
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry, TaskKind
from services.domain.evidence.findings import EvidenceSource, findings
from services.domain.limits.commands import LimitsCommand
from services.domain.limits.transitions import _RECORDED
from services.domain.people import MethodKind
from services.domain.unknown import UnknownReason
from services.ports.errors import UnreadableCase
from services.ports.storage import Audience, OutboxTask
from tests.clients.freeze import STORED

SEVENTEEN = CaseNumber(17)
RICH = "approver-contain-put-back"
"""A body with every line of evidence and many other fields."""


@cache
def frozen(version: int) -> dict[str, dict[str, Any]]:
    """Returns the frozen bodies of this version, by name."""
    bodies: dict[str, dict[str, Any]] = json.loads((STORED / f"v{version}.json").read_text(encoding="utf-8"))
    return bodies


def stored_again(body: object) -> dict[str, Any]:
    """Reads a body and returns what is stored for it afterwards."""
    return write(read(body, CaseNumber(0), 0))


def holds(body: object, other: object) -> bool:
    """Whether one body holds everything of the other; it may have more fields, which were added later."""
    if isinstance(body, dict) and isinstance(other, dict):
        return all(name in body and holds(body[name], value) for name, value in other.items())
    if isinstance(body, list) and isinstance(other, list):
        return len(body) == len(other) and all(map(holds, body, other))
    return body == other


def comparable(body: dict[str, Any]) -> dict[str, Any]:
    """The body without what no upgrade can make: a plan's fingerprint (`docs/develop.md`), the facts that a card
    showed, which are noted from version 3 on, and of an episode what version 4 began to note."""
    episode = body["episode"]
    kept = {"methods": episode["baseline"]["methods"], "looked_stolen": episode["looked_stolen"]}
    body = deepcopy(body) | {"facts": [], "episode": kept}
    if plan := (body["limit_change"] or {}).get("plan"):
        plan["fingerprint"] = ""
    return body


@pytest.mark.parametrize("version", range(1, SCHEMA))
def test_every_older_body_becomes_what_the_present_version_stores_of_the_same_case(version: int) -> None:
    again = {name: comparable(stored_again(body)) for name, body in frozen(version).items()}
    both = again.keys() & frozen(SCHEMA).keys()
    assert len(both) > 100
    for name in both:
        assert holds(again[name], comparable(frozen(SCHEMA)[name])), name


def test_the_bodies_of_the_present_version_are_stored_as_they_were() -> None:
    """Fields with a default may be added within a version; any other change needs a new version."""
    for name, body in frozen(SCHEMA).items():
        assert holds(stored_again(body), body), name


def test_no_sentence_of_version_1_is_upgraded_on_trust() -> None:
    """Each old word occurs in a frozen body, not only in the table that renames it."""
    stored = {leaf for body in frozen(1).values() for leaf in leaves("", body)}
    unseen = {(name, old) for name, words in _SENTENCES.items() for old in words if (name, old) not in stored}
    # The reason why a look failed, and the step being put back: their other values occur in other fields.
    assert {name for name, _ in unseen} == {"not_looked", "putting_back"}


def leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from leaves(inner, one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(name, one)
    else:
        yield name, value


# What cannot be read is refused, never trimmed.


def rich() -> dict[str, Any]:
    return deepcopy(frozen(SCHEMA)[RICH])


def refusal(body: object) -> str:
    with pytest.raises(UnreadableCase) as refused:
        read(body, SEVENTEEN, 1)
    assert refused.value.number == SEVENTEEN
    return refused.value.reason


def test_a_newer_body_is_refused_even_where_nothing_in_it_is_strange() -> None:
    assert "newer" in refusal(rich() | {"schema": SCHEMA + 1})


@pytest.mark.parametrize("body", [None, [], "", 7, {}, {"schema": "2"}, {"schema": 0}, {"schema": None}])
def test_what_is_no_body_is_refused(body: object) -> None:
    assert refusal(body)


def test_an_old_body_that_is_damaged_is_refused() -> None:
    body = deepcopy(frozen(1)[RICH])
    body["mfa"]["kinds"] = [None, "phone"]
    assert "version 1" in refusal(body)


PATHS = [
    (),
    ("sender",),
    ("proofs", "password"),
    ("restriction", "counts"),
    ("evidence",),
    ("evidence", "rules", 0),
    ("evidence", "risk"),
]


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_field_that_this_program_does_not_know_is_not_dropped(path: tuple[str | int, ...]) -> None:
    body = rich()
    inner: Any = body
    for part in path:
        inner = inner[part]
    inner["from_the_future"] = False
    assert "unexpected" in refusal(body)


def test_a_word_that_this_program_does_not_know_is_refused() -> None:
    assert refusal(rich() | {"status": "deciding"}) == "enum in status"
    body = rich()
    body["evidence"]["changes"][0]["what"] = "phone_replaced"
    assert "enum in evidence" in refusal(body)


def test_the_reason_names_fields_and_nothing_of_what_stood_there() -> None:
    secret = "ana@contoso.example has a secret"
    for damaged in ({"status": secret}, {"opened_at": secret}, {secret: secret}, {"evidence": {secret: secret}}):
        assert secret not in refusal(rich() | damaged)


# What is added later does not make an old case unreadable.


def test_a_body_without_a_field_that_has_a_default_is_read_with_the_default() -> None:
    needed = {
        field.name for kind in reachable(Case) if is_dataclass(kind) for field in fields(kind) if no_default(field)
    }
    tried = 0
    for body, name in each_without_one(rich()):
        if name not in needed | {"schema"}:
            assert read(body, SEVENTEEN, 1).number == SEVENTEEN, name
            tried += 1
    assert tried > 100


def no_default(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def each_without_one(body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yields each path in the body, with a copy of the body that lacks it."""

    def paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, one in pairs:
            if isinstance(key, str):
                yield (*path, key)
            yield from paths(one, (*path, key))

    for *parents, name in paths(body, ()):
        changed = deepcopy(body)
        inner: Any = changed
        for part in parents:
            inner = inner[part]
        del inner[name]
        yield changed, name


LINES = {
    "forwarding": EvidenceSource.FORWARDING,
    "rules": EvidenceSource.RULES,
    "sign_ins": EvidenceSource.SIGN_INS,
    "risk": EvidenceSource.RISK,
    "changes": EvidenceSource.CHANGES,
    "sent": EvidenceSource.MAILING,
}


@pytest.mark.parametrize("line", [*LINES, "listings"])
def test_evidence_from_before_a_line_was_looked_at_reads_as_not_checked(line: str) -> None:
    body = rich()
    del body["evidence"][line]
    report = read(body, SEVENTEEN, 1).evidence
    assert report is not None
    if line in LINES:
        (found,) = (one for one in findings(report, None, None) if one.source is LINES[line])
        assert (found.found, found.not_checked, found.is_clean) == (None, UnknownReason.NOT_YET, False)


# Words in storage are identifiers.


def reachable(*kinds: Any) -> set[Any]:
    """Returns every dataclass and enum that a value of these types can hold."""
    found: set[Any] = set()
    pending = list(kinds)
    while pending:
        kind = pending.pop()
        if isinstance(kind, StrEnum):
            kind = type(kind)  # of a `Literal`
        if kind in found:
            continue
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            found.add(kind)
        elif is_dataclass(kind):
            found.add(kind)
            pending += get_type_hints(kind).values()
        else:
            pending += get_args(kind)
    return found


def test_every_word_in_storage_is_an_identifier() -> None:
    enums = {kind for kind in reachable(Case, HistoryEntry, OutboxTask, Audience) if issubclass(kind, StrEnum)}
    assert {Status, TaskKind, Audience, MethodKind, UnknownReason} < enums
    assert len(enums) > 20
    sentences = [word for enum in enums for word in enum if not re.fullmatch(r"[a-z][a-z0-9_]*", word.value)]
    assert sentences == []


def test_the_history_has_an_identifier_for_every_change_of_limits() -> None:
    commands = {command for side in get_args(LimitsCommand) for command in get_args(side) or (side,)}
    assert _RECORDED.keys() == commands
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", word) for word in _RECORDED.values())
