"""The audit history as CSV and JSON: who did what and when, and on which facts."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.clients.store.trail import TrailRow
from services.domain.case.case import Case
from services.domain.case.facts import Facts
from services.domain.case.parts import CaseNumber

COLUMNS = ("case", "place", "at", "actor", "verb", "who", "name", "facts")
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[\s'\"]*+[=+\-@＝＋－＠|%]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]++")


def entries(rows: Iterable[TrailRow], cases: Mapping[CaseNumber, Case]) -> Iterator[dict[str, Any]]:
    """One entry a row. `cases`, as far as they can be read, tell on which facts a decision was made, and with which
    reason."""
    for row in rows:
        entry, case = row.entry, cases.get(row.case)
        grounds = _grounds(case).get(entry.at, {}) if case else {}
        yield {
            "case": int(row.case),
            "place": row.place,
            "at": entry.at.isoformat(),
            "actor": entry.actor.value,
            "verb": entry.verb.value,
            "who": entry.who or "",
            "name": entry.name,
            "facts": {**entry.facts, **grounds},
        }


def as_json(found: Iterable[Mapping[str, Any]]) -> str:
    """A JSON array, an entry a line."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in found)
    return f"[\n{lines}\n]\n"


def as_csv(found: Iterable[Mapping[str, Any]]) -> str:
    """Every cell in quotes, and none that a spreadsheet takes for a formula. `facts` is a JSON object."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in found:
        writer.writerow([_cell(entry[column]) for column in COLUMNS])
    return written.getvalue()


def _cell(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    text = _CONTROL.sub(" ", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _grounds(case: Case) -> Mapping[datetime, Mapping[str, Any]]:
    """What the case keeps of its decisions, by their time."""
    found: dict[datetime, Mapping[str, Any]] = {}
    if first := case.first_approval:
        found[first.at] = {"reason": first.text, **_on(case.first_approval_on)}
    if case.lapsed:
        found[case.lapsed.approved.at] = {"reason": case.lapsed.approved.text}
    if decision := case.decision:
        told = {"internal": decision.internal} if decision.internal else {}
        word = {"by_another_route": decision.by_another_route}
        found[decision.at] = {"reason": decision.reason, **told, **word, **_on(decision.facts)}
    return found


def _on(facts: Facts | None) -> Mapping[str, Sequence[str]]:
    if facts is None:
        return {}
    return {
        "entries": [f"{entry.address}: {entry.cause.value}" for entry in facts.entries],
        "conditions": [condition.value for condition in facts.conditions],
        "alarms": [alarm.found.value for alarm in facts.alarms],
    }
