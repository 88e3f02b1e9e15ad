"""The list of restricted connectors, whose format is not documented: it is read strictly, and unblocked once."""

from typing import Any

import pytest

from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.restricted_connectors import RestrictedConnectors
from services.clients.http import ApiClient
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalDone
from tests.dialogs.fake_clock import FakeClock
from tests.service import Service, says

RELAY = "5e0c0000-0000-4000-8000-00000000c0de"
TENANT = "9f000000-0000-4000-8000-000000000000"
ROW = {"ConnectorId": RELAY, "Reason": "OutboundSpam=212", "CreatedDatetime": "2026-11-24T09:00:00.0000000Z"}


@pytest.fixture
def connectors(api: ApiClient) -> RestrictedConnectors:
    return RestrictedConnectors(InvokeCommand(api, TENANT), FakeClock())


def listed(*rows: dict[str, Any], **more: object) -> dict[str, object]:
    return {"value": list(rows), "@adminapi.warnings": [], **more}


@pytest.mark.parametrize("name", ["ConnectorId", "Identity", "Guid", "Id"])
async def test_an_entry_goes_by_whatever_id_it_has(
    connectors: RestrictedConnectors, service: Service, name: str
) -> None:
    service.answers(says(listed({**{k: v for k, v in ROW.items() if k != "ConnectorId"}, name: f" {RELAY} "})))
    (entry,) = (await connectors.restricted()).entries
    assert (entry.address, entry.reason) == (RELAY, "OutboundSpam=212")
    assert entry.since is not None


async def test_nobody_listed_is_a_whole_answer(connectors: RestrictedConnectors, service: Service) -> None:
    service.answers(says(listed()))
    listing = await connectors.restricted()
    assert (listing.entries, listing.complete) == ((), True)


@pytest.mark.parametrize(
    "body", [listed({"Reason": "no id"}), listed(ROW, **{"@odata.nextLink": "https://more"})], ids=["no id", "more"]
)
async def test_what_cannot_be_named_or_was_cut_is_not_the_whole_list(
    connectors: RestrictedConnectors, service: Service, body: object
) -> None:
    service.answers(says(body))
    assert not (await connectors.restricted()).complete
    with pytest.raises(Unavailable) as trouble:
        await connectors.restricted_among([RELAY])
    assert trouble.value.reason is UnknownReason.INCOMPLETE


async def test_a_refusal_is_no_empty_list(connectors: RestrictedConnectors, service: Service) -> None:
    service.answers(says({"Message": "not allowed"}, 400))
    with pytest.raises(Unavailable, match="not allowed"):
        await connectors.ping()


async def test_the_comment_of_a_removal_names_the_case(connectors: RestrictedConnectors, service: Service) -> None:
    service.answers(says(listed()))
    assert await connectors.unblock(RELAY, "Sendwell case 21") == RemovalDone()
    assert service.asked[0].json["CmdletInput"] == {
        "CmdletName": "Remove-BlockedConnector",
        "Parameters": {"ConnectorId": RELAY, "Reason": "Sendwell case 21"},
    }


async def test_asked_about_one_the_whole_list_is_read(connectors: RestrictedConnectors, service: Service) -> None:
    service.answers(says(listed(ROW)))
    assert len((await connectors.restricted_among([RELAY])).entries) == 1
    assert service.asked[0].json["CmdletInput"]["Parameters"] == {}
