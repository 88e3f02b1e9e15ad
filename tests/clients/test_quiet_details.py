"""No vendor's sentence and nobody's address reaches the log, from any client and by any line of ours."""

import ast
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import pytest

from services.clients.exchange.cmdlets import CmdletFailed, Rows
from services.clients.exchange.mailbox_containment import MailboxContainment
from services.clients.exchange.mailbox_evidence import ExchangeEvidence
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.exchange.missing_roles import NamesMissingRoles
from services.clients.exchange.powershell_answers import rows_of, trouble_at_start, worn_out
from services.clients.exchange.restricted_connectors import RestrictedConnectors
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.log_format import QuietFormatter
from services.clients.refusals import Refusal
from services.clients.said_once import SaidOnce
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.dialogs.fake_clock import FakeClock

ROOT = Path(__file__).parents[2]
PRIVATE = "xyzzy ana.soto@contoso.example"
OURS = {
    *("response.status", "type(broken).__name__", "what", "source", "status", "cmdlet", "needs", "trouble.orig"),
    *("self._base", "self.sentence", "missing.strerror", "launch.command[0]", "detail", "needed"),
}
"""What a detail may be filled with: numbers, names of ours, and what the operator's own machine says."""


def calls(name: str, folders: tuple[str, ...]) -> Iterator[tuple[str, ast.Call]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def is_ours(detail: ast.expr) -> bool:
    """Whether nothing of a vendor's text can stand in it."""
    if isinstance(detail, ast.Constant):
        return True
    if isinstance(detail, ast.JoinedStr):
        filled = [part.value for part in detail.values if isinstance(part, ast.FormattedValue)]
        return all(ast.unparse(value) in OURS for value in filled)
    return ast.unparse(detail) in OURS


def test_every_client_says_where_a_failure_quotes_a_vendor() -> None:
    found = list(calls("Unavailable", ("services/clients",)))
    assert len(found) > 60
    unmarked = [
        where
        for where, call in found
        if len(call.args) > 1
        and not is_ours(call.args[1])
        and not any(keyword.arg == "quotes" for keyword in call.keywords)
    ]
    assert unmarked == []


def test_no_line_of_ours_logs_an_error_as_it_is() -> None:
    """But by what of it may stand there: `.logged`, `.reason`, its type."""
    raw = []
    for folder in ("bot", "dialogs", "services"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(handler, ast.ExceptHandler) and handler.name:
                    raw += [f"{path.relative_to(ROOT)}:{call.lineno}" for call in _logging(handler)]
    assert raw == []


def _logging(handler: ast.ExceptHandler) -> Iterator[ast.Call]:
    for call in ast.walk(handler):
        if not isinstance(call, ast.Call) or not ast.unparse(call.func).startswith("log."):
            continue
        if any(isinstance(given, ast.Name) and given.id == handler.name for given in call.args):
            yield call


class Talkative:
    """An Exchange that refuses everything, in words about somebody."""

    def __init__(self, trouble: Exception) -> None:
        self._trouble = trouble

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        raise self._trouble


QUOTES = Unavailable(UnknownReason.NO_PERMISSION, PRIVATE, quotes=True)
FAILS = (
    CmdletFailed(PRIVATE, not_found=False),
    QUOTES,
    Unavailable(UnknownReason.THROTTLED, PRIVATE, quotes=True),
)


def asked(cmdlets: Talkative) -> dict[str, Callable[[], Awaitable[object]]]:
    clock, address = FakeClock(), "ana.soto@contoso.example"
    senders, connectors = ExchangeOnline(cmdlets, clock), RestrictedConnectors(cmdlets, clock)
    evidence = ExchangeEvidence(cmdlets, None)  # type: ignore[arg-type]  # no traces are asked for
    named = NamesMissingRoles(cmdlets, SaidOnce())
    return {
        "the list": senders.restricted,
        "one sender": lambda: senders.restricted_among([address]),
        "connectors": connectors.restricted,
        "a mailbox": lambda: ExchangeMailboxes(cmdlets, None).mailbox(address),  # type: ignore[arg-type]  # no group is asked for
        "forwarding": lambda: evidence.forwarding(address),
        "rules": lambda: evidence.inbox_rules(address),
        "missing roles": lambda: named.run("Get-Mailbox", {}, repeat=True),
        "containment": lambda: MailboxContainment(cmdlets).forwarding(address),
    }


@pytest.mark.parametrize("trouble", FAILS, ids=["refuses", "no role", "throttles"])
@pytest.mark.parametrize("what", asked(Talkative(QUOTES)))
async def test_what_exchange_says_is_for_the_card_and_not_for_the_log(
    what: str, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises((Unavailable, CmdletFailed, Refusal)) as raised:
        await asked(Talkative(trouble))[what]()
    if isinstance(raised.value, Unavailable):
        assert PRIVATE in str(raised.value)
        assert "xyzzy" not in raised.value.logged
        assert "ana.soto" not in raised.value.logged
    assert "xyzzy" not in caplog.text


def test_what_powershell_says_is_for_the_card_and_not_for_the_log() -> None:
    answers = [{"error": {"message": f"AADSTS1: {PRIVATE}", "type": kind}} for kind in ("x", "System.TimeoutException")]
    for answer in answers:
        for trouble in (worn_out(answer), trouble_at_start(answer)):
            assert trouble is None or "xyzzy" not in trouble.logged
        with pytest.raises((Unavailable, CmdletFailed)) as raised:
            rows_of(answer, {})
        assert not isinstance(raised.value, Unavailable) or "xyzzy" not in raised.value.logged


def fails_with(words: str) -> None:
    first = ValueError(words)
    raise ExceptionGroup(words, [KeyError(words), first]) from first


def test_a_traceback_names_errors_and_places_and_quotes_nobody(caplog: pytest.LogCaptureFixture) -> None:
    try:
        fails_with(PRIVATE)
    except ExceptionGroup:
        logging.getLogger("sendwell.test").exception("an activity failed")
    text = QuietFormatter("%(message)s").format(caplog.records[0])
    assert text.startswith("an activity failed\nTraceback")
    assert "test_quiet_details.py" in text
    assert text.count("ValueError") >= 2
    assert "KeyError" in text
    assert f"{PRIVATE}" not in text
