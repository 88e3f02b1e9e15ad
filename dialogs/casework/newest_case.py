"""What the newest case of a mailbox says to whoever decides on the card of an older one."""

from services.domain.case.case import Case
from services.ports.storage import CaseQueries


async def looks_stolen_by_now(cases: CaseQueries, case: Case) -> bool:
    """Whether a later case of the same mailbox looks, or looked, like a stolen account. A look that found nobody
    restricted is no case that could say so. Raises `UnreadableCase` where only a newer program knows."""
    newest = await cases.newest_restricted(*case.sender.mailbox_keys)
    return newest is not None and newest.number != case.number and newest.looks_stolen
