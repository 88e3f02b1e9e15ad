"""Every cmdlet that the code calls is in a management role of the table; a refusal names the role, logged once."""

import ast
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest

from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.missing_roles import NamesMissingRoles
from services.clients.http import ApiClient
from services.clients.said_once import SaidOnce
from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.service import FixedTokens, Service, says, says_raw

CLIENTS = Path(__file__).parents[2] / "services" / "clients"
FILES = [path for path in CLIENTS.rglob("*.py") if "powershell" not in path.name]
"""A PowerShell session names the cmdlets that it loads, and calls none by itself."""
CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z][A-Za-z]+")
HEADERS = {"User-Agent", "Content-Type", "Retry-After", "Accept-Encoding"}
NUL_403 = says_raw(b"\0" * 4096, 403, headers={"Content-Encoding": "gzip"})


def constants_of(tree: ast.Module) -> Mapping[str, str]:
    """Texts by the name of the module's constant that holds them."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for name, value in zip(names, values, strict=False):
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[name.id] = value.value
    return found


def texts_of(tree: ast.Module) -> Iterator[str]:
    """Every text of the module, those that are put together from its constants too."""
    constants = constants_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else constants.get(ast.unparse(part.value), "?")  # type: ignore[attr-defined]  # the other kind of part
                for part in node.values
            )


def called_in(path: Path) -> set[str]:
    texts = texts_of(ast.parse(path.read_text(encoding="utf-8")))
    return {text for text in texts if CMDLET.fullmatch(text)} - HEADERS


def called_by(group: str) -> set[str]:
    """The cmdlets that the code calls with the rights of that role group."""
    files = [path for path in FILES if ("containment" in path.name) == (group == RESPONDER)]
    return {cmdlet for path in files for cmdlet in called_in(path)}


@pytest.mark.parametrize("group", [BOT, RESPONDER])
def test_every_cmdlet_the_code_calls_is_in_a_role_and_no_other(group: str) -> None:
    assert called_by(group) == cmdlets_of(group)


def test_no_cmdlet_is_put_together_from_what_is_not_known_here() -> None:
    beginnings = re.compile(r"(Get|New|Set|Remove|Enable|Disable|Add|Search|Test|Start|Stop|Update)-[A-Za-z]*\?")
    for path in FILES:
        for text in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
            assert not beginnings.match(text), f"{path}: {text}"


@pytest.fixture
def cmdlets(api: ApiClient) -> NamesMissingRoles:
    return NamesMissingRoles(InvokeCommand(api, "tenant"), SaidOnce())


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_refusal_names_the_role_and_is_logged_once(
    cmdlets: NamesMissingRoles, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers(NUL_403)
    for _ in range(3):
        with pytest.raises(Unavailable) as refused:
            await cmdlets.run("Get-InboxRule", {}, repeat=True)
        assert refused.value.reason is UnknownReason.NO_PERMISSION
        for word in ("Get-InboxRule", "Exchange.ManageAsApp", "Sendwell Mailboxes", "Mail Recipients"):
            assert word in refused.value.detail
    (line,) = warnings(caplog)
    assert "Sendwell Mailboxes" in line
    with pytest.raises(Unavailable):
        await cmdlets.run("Get-AcceptedDomain", {}, repeat=True)
    assert ["Sendwell Domains" in line for line in warnings(caplog)] == [False, True]


async def test_a_role_that_was_there_and_is_taken_away_again_is_news(
    cmdlets: NamesMissingRoles, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers(NUL_403, says({"value": []}), NUL_403)
    for refused in (True, False, True, True):
        with pytest.raises(Unavailable) if refused else nullcontext():
            await cmdlets.run("Get-Mailbox", {}, repeat=True)
    assert len(warnings(caplog)) == 2


async def test_what_is_no_missing_role_is_handed_on_as_it_is(
    cmdlets: NamesMissingRoles, service: Service, tokens: FixedTokens, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers(says({}, 500))
    with pytest.raises(Unavailable) as trouble:
        await cmdlets.run("Get-Mailbox", {}, repeat=True)
    assert trouble.value.reason is UnknownReason.UNREACHABLE
    tokens.trouble = Unavailable(UnknownReason.NO_PERMISSION, "AADSTS7000215")
    with pytest.raises(Unavailable, match="AADSTS7000215") as trouble:
        await cmdlets.run("Get-Mailbox", {}, repeat=True)
    assert "Sendwell Mailboxes" not in str(trouble.value)
    assert warnings(caplog) == []
