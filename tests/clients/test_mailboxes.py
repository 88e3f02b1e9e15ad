"""Who may send from a mailbox, with recorded responses of Exchange and Graph."""

from typing import Any

import pytest

from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.graph.directory import GraphDirectory
from services.clients.http import ApiClient
from services.domain.checks.checks import MailboxHome
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import Holder, SendRight
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import NotFound, Unavailable
from tests.service import Script, Service, says

TENANT = "11111111-2222-4333-8444-555555555555"
NOT_FOUND = says(
    {"error": {"code": "NotFound", "details": [{"message": "Ex6F9304|A.ManagementObjectNotFoundException|gone"}]}}, 404
)


def _row(name: str, kind: str, identity: str, **more: Any) -> dict[str, Any]:
    address = f"{name.casefold().replace(' ', '-')}@contoso.example"
    return {
        "Identity": name,
        "DisplayName": name,
        "PrimarySmtpAddress": address,
        "UserPrincipalName": address,
        "EmailAddresses@odata.type": "#Collection(String)",
        "EmailAddresses": [
            f"SMTP:{address}",
            "smtp:offers@contoso.example",
            "X500:/o=x",
            "SIP:ignored@contoso.example",
        ],
        "RecipientTypeDetails": kind,
        "ExternalDirectoryObjectId": identity,
        **more,
    }


SALES = _row("Sales", "SharedMailbox", "s1", GrantSendOnBehalfTo=["Kim Abara"])
KIM = _row("Kim Abara", "UserMailbox", "k1")
DAN = _row("Dan Reyes", "UserMailbox", "d1")
TEAM = _row("Sales team", "MailUniversalSecurityGroup", "g1")


def _permission(trustee: str, **more: Any) -> dict[str, Any]:
    return {"Trustee": trustee, "AccessControlType": "Allow", "AccessRights": ["SendAs"], **more}


def _rows(*rows: dict[str, Any]) -> Script:
    return says({"value": list(rows)})


@pytest.fixture
def mailboxes(api: ApiClient) -> ExchangeMailboxes:
    return ExchangeMailboxes(InvokeCommand(api, TENANT), GraphDirectory(api))


async def test_people_and_groups_behind_each_right_are_named(mailboxes: ExchangeMailboxes, service: Service) -> None:
    denied = _permission("Gil", AccessControlType="Deny")
    service.answers(
        _rows(SALES),
        _rows(_permission("NT AUTHORITY\\SELF"), _permission("Sales team", AccessRights="SendAs"), denied),
        _rows(KIM),
        _rows(TEAM),
        says({"value": [{"id": "d1", "displayName": "Dan Reyes", "userPrincipalName": "dan@contoso.example"}]}),
    )
    found = await mailboxes.mailbox("offers@contoso.example")
    assert found.addresses == ("sales@contoso.example", "offers@contoso.example")
    assert [(h.person, h.right, h.through) for h in found.holders] == [
        ("k1", SendRight.ON_BEHALF, ""),
        ("d1", SendRight.SEND_AS, "Sales team"),
    ]
    assert found.unread == ()
    assert found.right_of(PersonId("nobody")) is None


async def test_a_persons_own_mailbox_has_its_owner(mailboxes: ExchangeMailboxes, service: Service) -> None:
    service.answers(_rows(DAN), _rows())
    found = await mailboxes.mailbox("dan-reyes@contoso.example")
    owner = Holder(person=PersonId("d1"), name="Dan Reyes", upn="dan-reyes@contoso.example", right=SendRight.OWNER)
    assert found.holders == (owner,)


@pytest.mark.parametrize("answer", [NOT_FOUND, _rows(), _rows(DAN)])
async def test_no_such_mailbox_is_no_such_mailbox_even_if_others_are_answered(
    mailboxes: ExchangeMailboxes, service: Service, answer: Script
) -> None:
    service.answers(answer)
    with pytest.raises(NotFound):
        await mailboxes.mailbox("nobody@contoso.example")


async def test_rights_that_cannot_be_read_leave_everybody_unknown(
    mailboxes: ExchangeMailboxes, service: Service
) -> None:
    service.answers(_rows({**SALES, "GrantSendOnBehalfTo": None}), says({}, 403))
    found = await mailboxes.mailbox("sales@contoso.example")
    assert found.holders == ()
    assert found.right_of(PersonId("a")) == Unknown(reason=UnknownReason.INCOMPLETE)
    assert found.unread == ("Get-RecipientPermission (role Sendwell Mailboxes)",)


@pytest.mark.parametrize("group", [says({}, 403), says({"value": [{"id": str(n)} for n in range(101)]}), NOT_FOUND])
async def test_a_group_that_cannot_be_expanded_is_named(
    mailboxes: ExchangeMailboxes, service: Service, group: Script
) -> None:
    service.answers(_rows({**SALES, "GrantSendOnBehalfTo": []}), _rows(_permission("Sales team")), _rows(TEAM), group)
    assert (await mailboxes.mailbox("sales@contoso.example")).unread == ("Sales team",)


async def test_a_trustee_nobody_knows_is_named(mailboxes: ExchangeMailboxes, service: Service) -> None:
    permission = _permission("S-1-5-21-1")
    service.answers(_rows({**SALES, "GrantSendOnBehalfTo": []}), _rows(permission), NOT_FOUND)
    assert (await mailboxes.mailbox("sales@contoso.example")).unread == ("S-1-5-21-1",)


async def test_a_dead_exchange_is_said(mailboxes: ExchangeMailboxes, service: Service) -> None:
    service.answers(says({}, 403))
    with pytest.raises(Unavailable):
        await mailboxes.mailbox("sales@contoso.example")


async def test_members_are_read_page_by_page(api: ApiClient, service: Service) -> None:
    first = {"value": [{"id": "a"}], "@odata.nextLink": "https://graph.example/v1.0/groups/g/next?$skiptoken=x"}
    service.answers(says(first), says({"value": [{"id": "b"}]}))
    assert [row["id"] for row in await GraphDirectory(api).members("g", 10)] == ["a", "b"]
    assert service.asked[1].path == "/v1.0/groups/g/next"


FAILS = says({"error": {"code": "BadRequest", "details": [{"message": "|A.B|The cmdlet failed"}]}}, 400)


@pytest.mark.parametrize(
    ("answer", "home"),
    [
        (_rows(KIM), MailboxHome.HERE),
        (_rows(_row("Kim Abara", "SharedMailbox", "k1")), MailboxHome.HERE),
        (_rows(_row("Kim Abara", "MailUser", "k1")), MailboxHome.ELSEWHERE),
        (_rows(_row("Kim Abara", "RemoteUserMailbox", "k1")), MailboxHome.ELSEWHERE),
        (NOT_FOUND, MailboxHome.NONE),
        (_rows(), UnknownReason.UNEXPECTED_RESPONSE),
        (_rows(DAN), UnknownReason.UNEXPECTED_RESPONSE),
        (_rows(_row("Kim Abara", "SomethingNew", "k1")), UnknownReason.UNEXPECTED_RESPONSE),
        (_rows(_row("Kim Abara", "", "k1", RecipientTypeDetails=None)), UnknownReason.UNEXPECTED_RESPONSE),
        (FAILS, UnknownReason.UNEXPECTED_RESPONSE),
        (says({}, 403), UnknownReason.NO_PERMISSION),
    ],
)
async def test_where_a_mailbox_is_and_only_an_error_says_that_there_is_none(
    mailboxes: ExchangeMailboxes, service: Service, answer: Script, home: MailboxHome | UnknownReason
) -> None:
    service.answers(answer)
    if isinstance(home, MailboxHome):
        assert await mailboxes.home("KIM-abara@contoso.example") is home
        return
    with pytest.raises(Unavailable) as trouble:
        await mailboxes.home("kim-abara@contoso.example")
    assert trouble.value.reason is home
