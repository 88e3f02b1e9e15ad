"""The sample tenant's shared mailboxes and groups."""

from dataclasses import dataclass

from sandbox.people import DOMAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A mail-enabled group; members are keys of personas."""

    id: str
    name: str
    address: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A mailbox without a person; rights name people and groups as Exchange shows them."""

    id: str
    name: str
    address: str
    alias: str
    send_as: tuple[str, ...]
    on_behalf: tuple[str, ...] = ()


SALES_TEAM = Group(
    id="5a4d8f2e-0000-4000-8000-0000000005a1",
    name="Sales team",
    address=f"sales-team@{DOMAIN}",
    members=("dan", "kim"),
)
SALES = Shared(
    id="5a4d8f2e-0000-4000-8000-0000000005a0",
    name="Sales",
    address=f"sales@{DOMAIN}",
    alias=f"offers@{DOMAIN}",
    send_as=("NT AUTHORITY\\SELF", f"ana.soto@{DOMAIN}", "Sales team"),
)
NEWSLETTER = Shared(
    id="5a4d8f2e-0000-4000-8000-0000000005b0",
    name="Newsletter",
    address=f"newsletter@{DOMAIN}",
    alias=f"news@{DOMAIN}",
    send_as=("NT AUTHORITY\\SELF",),
)
BULK_SENDERS = Group(
    id="5a4d8f2e-0000-4000-8000-0000000005b1",
    name="Bulk senders",
    address=f"bulk-senders@{DOMAIN}",
    members=("ana", "kim"),
)
