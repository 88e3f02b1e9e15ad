"""How much of the organisation's limit for recipients outside is used.

The cmdlet is in no reference of Microsoft's. Its fields are those that public programs read:
https://microsoft.github.io/CSS-Exchange/ and https://github.com/KelvinTegelaar/CIPP-API (Get-CIPPAlertTERRL)."""

from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, unexpected
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable


async def read_tenant_limit(cmdlets: Cmdlets) -> TenantLimit:
    """Raises `Unavailable`, also if what comes is not one row with both numbers."""
    try:
        found = await cmdlets.run("Get-LimitsEnforcementStatus", {}, repeat=True)
    except CmdletFailed as failed:
        raise unexpected(failed) from failed
    numbers = [(_number(row.get("ObservedValue")), _number(row.get("Threshold"))) for row in found.rows]
    if len(numbers) != 1 or numbers[0][0] is None or not numbers[0][1]:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a limit of no known shape")
    # Its verdict is not read: which words it has is not published.
    enforced = str(found.rows[0].get("EnforcementEnabled")).casefold() != "false"
    return TenantLimit(observed=numbers[0][0], threshold=numbers[0][1], enforced=enforced)


def _number(value: Any) -> int | None:
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
