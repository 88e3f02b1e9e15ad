"""A case as stored in the database: JSON with the version of its schema.

The version is in the body and not in a column, so that it stays with a body that is copied or restored. A body without
one is of version 1. An older body is upgraded when it is read, and stored in the present version when its case next
changes; a newer one is refused and left as it is. A field that is missing in a body gets its default. A body with a
field or an enum value that this program does not know is refused."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from services.clients.store.case_upgrades import UPGRADES, Body
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.ports.errors import UnreadableCase

SCHEMA = max(UPGRADES) + 1
"""The version this program writes."""

_DAMAGE = (LookupError, TypeError, ValueError, AttributeError)
_FIELDS = frozenset(field.name for field in fields(Case))
# A tuple of one: an adapter's config applies to dataclasses inside its type, not to the type itself.
_CASE = TypeAdapter(tuple[Case], config=ConfigDict(extra="forbid"))


def write(case: Case) -> Body:
    """The body of a case, in the present version."""
    (body,) = _CASE.dump_python((case,), mode="json")
    return {"schema": SCHEMA, **body}


def read(body: object, number: CaseNumber, version: int) -> Case:
    """The case of a stored body, with the number and version of its row.

    Raises `UnreadableCase` if the body is damaged, or newer than this program."""
    if not isinstance(body, dict):
        raise UnreadableCase(number, "its body is no JSON object")
    schema = body.get("schema", 1)
    if not isinstance(schema, int) or schema < 1:
        raise UnreadableCase(number, "its schema is no version")
    if schema > SCHEMA:
        newer = f"its schema {schema} is newer than {SCHEMA}, which this program knows"
        raise UnreadableCase(number, newer, is_newer=True)
    try:
        upgraded = _upgraded({name: value for name, value in body.items() if name != "schema"}, schema)
        (case,) = _CASE.validate_python(({**upgraded, "number": number, "version": version},))
    except ValidationError as invalid:
        raise UnreadableCase(number, _what_is_wrong(invalid)) from None
    except _DAMAGE as damage:
        raise UnreadableCase(number, f"{type(damage).__name__} in the upgrade of version {schema}") from None
    return case


def _upgraded(body: Body, schema: int) -> Body:
    for version in range(schema, SCHEMA):
        body = UPGRADES[version](body)
    return body


def _what_is_wrong(invalid: ValidationError) -> str:
    """A text for the log: the kinds of faults and the names of our fields, never their values."""
    found = {f"{fault['type']} in {_field(fault['loc'])}" for fault in invalid.errors(include_input=False)}
    return ", ".join(sorted(found))


def _field(location: Iterable[Any]) -> str:
    return next((str(part) for part in location if part in _FIELDS), "a field this program does not know")
