"""How full a mailbox is and whether programs may send from it: read in every form that may come, and never guessed."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.clients.exchange.cmdlets import Rows
from services.clients.exchange.mailbox_state import read_fill, read_smtp_auth
from services.domain.checks.mailbox_state import MailboxFill, SmtpAuth
from services.ports.errors import Unavailable

ANA, BO = "ana@contoso.example", "bo@contoso.example"
NAMED = {"PrimarySmtpAddress": ANA, "UserPrincipalName": ANA}
DISABLED = "SmtpClientAuthenticationDisabled"


class Answers:
    """Implements `Cmdlets`: a row for each cmdlet that is answered."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self._rows = rows

    async def run(self, cmdlet: str, _parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        assert repeat
        return Rows(rows=(self._rows[cmdlet],) if cmdlet in self._rows else (), complete=True)


@pytest.mark.parametrize(
    ("size", "quota", "expected"),
    [
        ("1.234 GB (1,325,400,123 bytes)", "99 GB (106,300,440,576 bytes)", (1_325_400_123, 106_300_440_576)),
        ("1,234 GB (1.325.400.123 bytes)", "99 GB (106.300.440.576 bytes)", (1_325_400_123, 106_300_440_576)),
        ("1,2 GB (1\u00a0325\u00a0400 bytes)", "Unlimited", (1_325_400, None)),
        ({"Value": "2 KB (2,048 bytes)", "IsUnlimited": False}, "1 KB (1,024 bytes)", (2_048, 1_024)),
    ],
)
async def test_a_size_is_read_however_it_is_written(size: object, quota: object, expected: tuple[int, int]) -> None:
    mailbox = {**NAMED, "ProhibitSendQuota": quota}
    answers = Answers({"Get-Mailbox": mailbox, "Get-MailboxStatistics": {"TotalItemSize": size}})
    assert await read_fill(answers, ANA) == MailboxFill(used=expected[0], sends_below=expected[1])


@pytest.mark.parametrize(
    ("mailbox", "statistics"),
    [
        ({**NAMED, "ProhibitSendQuota": "99 GB"}, {"TotalItemSize": "1 GB (1,000 bytes)"}),
        ({**NAMED, "ProhibitSendQuota": "Unlimited"}, {"TotalItemSize": 17}),
        (NAMED, {"TotalItemSize": "1 GB (1,000 bytes)"}),
        (
            {"PrimarySmtpAddress": BO, "ProhibitSendQuota": "Unlimited"},
            {"TotalItemSize": "(9 bytes)"},
        ),
        ({**NAMED, "ProhibitSendQuota": "Unlimited"}, {}),
    ],
)
async def test_a_size_of_no_known_form_is_not_checked(mailbox: dict[str, Any], statistics: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        await read_fill(Answers({"Get-Mailbox": mailbox, "Get-MailboxStatistics": statistics}), ANA)


@pytest.mark.parametrize(
    ("own", "everywhere", "expected"),
    [
        (True, False, SmtpAuth.OFF_HERE),
        (False, True, SmtpAuth.ON),
        (None, True, SmtpAuth.OFF_EVERYWHERE),
        (None, False, SmtpAuth.ON),
        ("", "True", SmtpAuth.OFF_EVERYWHERE),
    ],
)
async def test_the_mailbox_goes_before_the_organisation(own: object, everywhere: object, expected: SmtpAuth) -> None:
    answers = Answers({"Get-CASMailbox": {**NAMED, DISABLED: own}, "Get-TransportConfig": {DISABLED: everywhere}})
    assert await read_smtp_auth(answers, ANA) is expected


@pytest.mark.parametrize(
    "rows",
    [
        {"Get-CASMailbox": NAMED},
        {"Get-CASMailbox": {**NAMED, DISABLED: None}},
        {"Get-CASMailbox": {**NAMED, DISABLED: None}, "Get-TransportConfig": {DISABLED: "perhaps"}},
        {"Get-CASMailbox": {"PrimarySmtpAddress": BO, DISABLED: True}},
    ],
)
async def test_what_does_not_say_it_is_not_checked(rows: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(Unavailable):
        await read_smtp_auth(Answers(rows), ANA)
