"""The organisation's own limit, of a cmdlet whose output is published nowhere: both numbers, or not checked."""

from typing import Any

import pytest

from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.tenant_limit import read_tenant_limit
from services.clients.http import ApiClient
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.service import Service, says

ROW = {"ObservedValue": 9000, "Threshold": 10000, "Verdict": "Allowed", "EnforcementEnabled": True}
TENANT = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("row", "limit"),
    [
        (ROW, TenantLimit(observed=9000, threshold=10_000)),
        ({**ROW, "ObservedValue": "10001", "Threshold": "10000"}, TenantLimit(observed=10_001, threshold=10_000)),
        ({**ROW, "EnforcementEnabled": "False"}, TenantLimit(observed=9000, threshold=10_000, enforced=False)),
        ({**ROW, "ObservedValue": None}, None),
        ({**ROW, "Threshold": 0}, None),
        ({**ROW, "Threshold": True}, None),
        ({**ROW, "Threshold": "10,000"}, None),
    ],
)
async def test_both_numbers_or_nothing(api: ApiClient, service: Service, row: Any, limit: TenantLimit | None) -> None:
    service.answers(says({"value": [row]}))
    if limit is not None:
        assert await read_tenant_limit(InvokeCommand(api, TENANT)) == limit
        return
    with pytest.raises(Unavailable) as trouble:
        await read_tenant_limit(InvokeCommand(api, TENANT))
    assert trouble.value.reason is UnknownReason.UNEXPECTED_RESPONSE


@pytest.mark.parametrize("rows", [[], [ROW, ROW]])
async def test_no_row_or_several_say_nothing(api: ApiClient, service: Service, rows: list[Any]) -> None:
    service.answers(says({"value": rows}))
    with pytest.raises(Unavailable):
        await read_tenant_limit(InvokeCommand(api, TENANT))
