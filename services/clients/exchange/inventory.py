"""The cmdlets that an app may run, as Microsoft's own module asks for them when it connects. It is not documented."""

from services.clients.http import ApiClient
from services.clients.wire_values import list_of
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable


async def granted_cmdlets(exchange: ApiClient, tenant: str) -> frozenset[str]:
    """Raises `Unavailable`, also if the inventory is empty or of no known shape: nothing is said of any cmdlet then."""
    path = f"/adminapi/v1.0/{tenant}/EXOModuleFile?Version=3.9.2"
    response = await exchange.read("GET", path, headers={"CommandName": "*"})
    rows = list_of(response.json.get("value")) if response.is_success and isinstance(response.json, dict) else []
    exported = [row.get("exportedCmdlets") for row in rows if isinstance(row, dict)]
    names = [name for one in exported for name in (one.split(",") if isinstance(one, str) else list_of(one))]
    if not names:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"inventory of cmdlets: HTTP {response.status}")
    return frozenset(str(name).strip() for name in names)
