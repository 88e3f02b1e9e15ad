"""Whether the organisation keeps an audit log."""

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_SAYS = "UnifiedAuditLogIngestionEnabled"


async def is_auditing(cmdlets: Cmdlets) -> bool:
    """As Exchange Online says it; the compliance endpoint says False whatever it is. Raises `Unavailable`, also if the
    answer does not say it.

    https://learn.microsoft.com/purview/audit-log-enable-disable"""
    try:
        found = await cmdlets.run("Get-AdminAuditLogConfig", {}, repeat=True)
    except CmdletFailed as failed:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "the configuration of the audit log") from failed
    said = found.rows[0].get(_SAYS) if found.rows else None
    if isinstance(said, str):  # the type is not published
        said = {"true": True, "false": False}.get(said.casefold())
    if not isinstance(said, bool):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a configuration of the audit log of no known shape")
    return said
