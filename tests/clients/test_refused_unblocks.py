"""What Exchange says instead of unblocking: a refusal is not called again, and other troubles are no removal."""

from collections.abc import Mapping

import pytest

from services.clients.clock import SystemClock
from services.clients.exchange.cmdlets import Rows, is_not_found
from services.clients.exchange.powershell_answers import rows_of
from services.clients.exchange.restricted_senders import ExchangeOnline, removed_by
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Removal, RemovalDone, RemovalNotBegun, RemovalRefused

ANA = {"SenderAddress": "ana@contoso.example"}
REMOVE = "Remove-BlockedSenderAddress"


class Refusing:
    """Cmdlets that PowerShell answers with this error."""

    def __init__(self, message: str, kind: str = "System.Exception") -> None:
        self._error = {"type": kind, "reason": "", "id": "x", "message": message}

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        return rows_of({"id": 2, "error": self._error}, parameters, removes=cmdlet.startswith("Remove-"))


async def removal(message: str, kind: str = "System.Exception") -> Removal:
    return await removed_by(Refusing(message, kind), REMOVE, ANA)


@pytest.mark.parametrize(
    "words",
    [
        "The user has been unblocked too many times. Request is throttled, contact support.",
        "You have exceeded the number of unblocks: too many requests for ana@contoso.example.",
        "Ex1|Microsoft.Exchange.SenderException|Too many requests to unblock.",
    ],
)
async def test_a_refused_unblock_is_not_called_again_by_itself(words: str) -> None:
    assert isinstance(await removal(words), RemovalRefused)


async def test_an_unblock_that_was_turned_away_at_the_door_is_called_again() -> None:
    for message, kind in (("x", "Exchange.TooManyRequestsException"), ("Ex1|Exchange.ThrottlingException|Wait", "")):
        assert isinstance(await removal(message, kind), RemovalNotBegun)


async def test_a_read_is_throttled_in_whatever_words() -> None:
    with pytest.raises(Unavailable) as trouble:
        await ExchangeOnline(Refusing("Too many requests"), SystemClock()).restricted()
    assert trouble.value.reason is UnknownReason.THROTTLED


ABOUT_SOMETHING_ELSE = [
    "The mailbox policy for 'ana@contoso.example' does not exist in this organization.",
    "Couldn't unblock ana@contoso.example: the required role could not be found.",
    "Couldn't look up ana@contoso.example: the domain controller could not be found.",
    "The role for the query 'ana@contoso.example' does not exist.",
    "Object 'ana@contoso.example' cannot be changed: 'Default' couldn't be found.",
    "The policy 'Default' of sender 'ana@contoso.example' couldn't be found.",
]


@pytest.mark.parametrize("words", ABOUT_SOMETHING_ELSE)
async def test_an_error_about_something_else_is_no_removal(words: str) -> None:
    assert not isinstance(await removal(words), RemovalDone)


@pytest.mark.parametrize("words", ABOUT_SOMETHING_ELSE)
async def test_an_error_about_something_else_does_not_say_not_listed(words: str) -> None:
    with pytest.raises(Unavailable):
        await ExchangeOnline(Refusing(words), SystemClock()).restricted_among(("ana@contoso.example",))


@pytest.mark.parametrize(
    ("text", "typed", "gone"),
    [
        ("'ana@contoso.example' couldn't be found.", False, True),
        ("The sender address 'Ana@contoso.example' couldn\u2019t be found in the list.", False, True),
        ("The operation failed: 'ana@contoso.example' was not found on 'SBX01'.", False, True),
        ('Recipient "ana@contoso.example" does not exist.', False, True),
        ("ana@contoso.example is gone", True, True),
        ("The object ana@contoso.example was deleted by the policy 'Default'.", True, False),
        ("'ana@contoso.example' was unblocked too often", False, False),
    ],
)
def test_only_the_object_that_was_asked_for_is_gone(text: str, *, typed: bool, gone: bool) -> None:
    assert is_not_found(text, ANA, typed=typed) is gone


def test_an_address_with_an_apostrophe_is_one_object() -> None:
    text = "The object 'o'brien@contoso.example' couldn't be found on 'server'."
    assert is_not_found(text, {"SenderAddress": "o'brien@contoso.example"}, typed=False)
