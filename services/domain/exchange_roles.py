"""Exchange's management roles that Sendwell needs: which cmdlets of which built-in role, for which of its two apps.

A custom role is a copy of a built-in one, its parent, and can only lose cmdlets: no single role holds all that are
needed. https://learn.microsoft.com/powershell/module/exchangepowershell/add-managementroleentry

docs/by-hand.md shows this table as commands to paste."""

from dataclasses import dataclass

BOT, RESPONDER = "Sendwell", "Sendwell Responder"
"""The role groups: for the bot's own app, and for the app that contains accounts (the bot's own may be in both)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementRole:
    """One custom role: a copy of `parent`, cut down to `cmdlets`, in the role group `group`. `serves` says for what."""

    name: str
    parent: str
    group: str
    cmdlets: tuple[str, ...]
    serves: str


# The parent of a cmdlet is read in a tenant with: Get-ManagementRoleEntry *\CMDLET
ROLES = (
    ManagementRole(
        name="Sendwell Lists",
        parent="Transport Hygiene",
        group=BOT,
        cmdlets=(
            "Get-BlockedSenderAddress",
            "Remove-BlockedSenderAddress",
            "Get-BlockedConnector",
            "Remove-BlockedConnector",
        ),
        serves="the restricted senders and connectors: nothing works without the first two",
    ),
    ManagementRole(
        name="Sendwell Mailboxes",
        parent="Mail Recipients",
        group=BOT,
        cmdlets=(
            *("Get-Mailbox", "Get-InboxRule", "Get-Recipient", "Get-RecipientPermission"),
            *("Get-MailboxStatistics", "Get-CASMailbox"),
        ),
        serves="evidence in a mailbox; whose an address is; who may send from a shared mailbox; whether it is full",
    ),
    ManagementRole(
        name="Sendwell Domains",
        parent="View-Only Configuration",
        group=BOT,
        cmdlets=("Get-AcceptedDomain", "Get-LimitsEnforcementStatus", "Get-TransportConfig"),
        serves="which addresses are outside the organisation; whether its daily limit is used up, or SMTP AUTH off",
    ),
    ManagementRole(
        name="Sendwell Auditing",
        parent="View-Only Audit Logs",
        group=BOT,
        cmdlets=("Get-AdminAuditLogConfig",),
        serves="whether the organisation keeps an audit log",
    ),
    ManagementRole(
        name="Sendwell Limits",
        parent="Transport Hygiene",
        group=BOT,
        cmdlets=(
            "Get-HostedOutboundSpamFilterPolicy",
            "Get-HostedOutboundSpamFilterRule",
            "New-HostedOutboundSpamFilterPolicy",
            "New-HostedOutboundSpamFilterRule",
            "Set-HostedOutboundSpamFilterPolicy",
            "Set-HostedOutboundSpamFilterRule",
            "Remove-HostedOutboundSpamFilterPolicy",
            "Remove-HostedOutboundSpamFilterRule",
        ),
        serves="other sending limits",
    ),
    ManagementRole(
        name="Sendwell Containment",
        parent="Mail Recipients",
        group=RESPONDER,
        cmdlets=("Get-Mailbox", "Set-Mailbox", "Get-InboxRule", "Disable-InboxRule", "Enable-InboxRule"),
        serves="containing an account",
    ),
)


def role_with(cmdlet: str, group: str = BOT) -> ManagementRole | None:
    """The role that grants the cmdlet to the apps of that group; `None` if Sendwell never calls it."""
    return next((role for role in ROLES if role.group == group and cmdlet in role.cmdlets), None)


def cmdlets_of(group: str) -> frozenset[str]:
    """Every cmdlet that the apps of that role group may run."""
    return frozenset(cmdlet for role in ROLES if role.group == group for cmdlet in role.cmdlets)
