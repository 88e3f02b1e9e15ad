"""What the newest case of a mailbox says to whoever decides on the card of an older one."""

from services.domain.case.case import Case
from services.ports.storage import CaseStore


async def looks_stolen_by_now(cases: CaseStore, case: Case) -> bool:
    """Whether a later case of the same mailbox looks, or looked, like a stolen account."""
    newest = await cases.latest_about(*case.sender.mailbox_keys)
    return newest is not None and newest.number != case.number and newest.looks_stolen
