"""The tables of `docs/permissions.md`, written from the table that the code reads."""

from collections.abc import Iterator

from cards.words import words_for
from services.domain.exchange_roles import BOT, RESPONDER
from services.domain.permissions import NEEDS, Need

_APPS = {(BOT,): "its own", (RESPONDER,): "the second", (BOT, RESPONDER): "both"}


def permissions_table() -> str:
    """Returns markdown: the least set, then what may be left out, each with its permissions and cmdlets."""
    return "\n\n".join(f"### {title}\n\n{_table(least=least)}" for title, least in _PARTS)


_PARTS = (("The least set: the main job", True), ("What may be left out", False))


def _table(*, least: bool) -> str:
    head = ["| permission or cmdlets | app | for | without it |", "|---|---|---|---|"]
    return "\n".join([*head, *(_row(need) for need in NEEDS if need.least is least)])


def _row(need: Need) -> str:
    words = words_for("en")
    return (
        f"| {' '.join(_what(need))} | {_APPS[need.apps]} | {words(f'need.{need.key}.for')} "
        f"| {words(f'need.{need.key}.without')} |"
    )


def _what(need: Need) -> Iterator[str]:
    if role := need.management_role:
        yield f"{', '.join(f'`{one}`' for one in need.cmdlets)} (role “{role.name}”, from “{role.parent}”)"
        return
    yield f"{need.api} `{need.permission}`"
    if need.role_id:
        yield f"`{need.role_id}`"
    if need.licence:
        yield f"({need.licence})"
