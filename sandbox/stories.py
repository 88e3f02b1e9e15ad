"""The guide's stories: how each begins, and its steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Story:
    """`begin` sets the scene; the steps are named in their order."""

    begin: Callable[[Tenant], None]
    steps: tuple[str, ...]


def _honest(tenant: Tenant) -> None:
    """Ana sent her newsletter to two thousand people."""
    tenant.restrict("ana", "limit")


def _stolen(tenant: Tenant) -> None:
    """Somebody signed in as Ana from abroad, hid a rule in her mailbox, and sent spam."""
    tenant.investigate("ana", "abroad")
    tenant.investigate("ana", "hidden rule")
    tenant.restrict("ana", "spam")


STORIES: Mapping[str, Story] = {
    "honest": Story(_honest, ("asked", "secured", "requested", "approved", "works", "proven")),
    "stolen": Story(_stolen, ("asked", "requested", "contained", "denied")),
}
