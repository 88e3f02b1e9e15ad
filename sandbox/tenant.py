"""The state of the sample tenant, with the verbs that change it. Everything the services answer comes from here."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.audit_log import AuditLog
from sandbox.catalogue import Catalogue
from sandbox.clock import now
from sandbox.faults import Cold, Faults
from sandbox.groups import Groups
from sandbox.list_answers import iso
from sandbox.management_roles import ManagementRoles
from sandbox.message_trace import MessageTrace
from sandbox.methods import method, phone
from sandbox.people import APP_ID, PEOPLE, Persona
from sandbox.policies import Policies
from sandbox.registrations import Registration
from sandbox.shared import SALES
from sandbox.traces import ABROAD, Traces

ROLES = frozenset(
    {
        "User.Read.All",
        "UserAuthenticationMethod.Read.All",
        "AuditLog.Read.All",
        "GroupMember.Read.All",
        "Domain.Read.All",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        "Exchange.ManageAsApp",
        "IdentityRiskyUser.Read.All",
        "IdentityRiskEvent.Read.All",
        "ExchangeMessageTrace.Read.All",
        "AuditLogsQuery-Exchange.Read.All",
        "TeamsAppInstallation.ReadWriteSelfForUser.All",
    }
)
CONTAINING = frozenset(
    {
        "User.RevokeSessions.All",
        "User-PasswordProfile.ReadWrite.All",
        "User.EnableDisableAccount.All",
        "RoleManagement.Read.Directory",
    }
)
"""What containing an account takes."""
RESPONDER_ROLES = CONTAINING | {"User.Read.All", "Exchange.ManageAsApp"}
"""The second app's: to switch an account on or off takes the right to read it as well."""


stamp = iso


@dataclass(kw_only=True)
class Listed:
    """One entry of the restricted list; `removed_at` while the list still lags behind its removal.

    `since` and `changed` are what the entry says (without `changed` both of its dates are the same), `listed_at` when
    it really came onto the list."""

    address: str
    reason: str | None
    since: datetime | None
    temporary: bool
    changed: datetime | None = None
    removed_at: datetime | None = None
    listed_at: datetime = field(default_factory=now)


@dataclass(kw_only=True)
class Account:
    """What the directory holds of a persona."""

    persona: Persona
    enabled: bool = True
    mailbox: str = "here"
    """Where the mailbox is: `here` in Exchange Online, on the organisation's own `servers`, or there is `none`."""
    synced: bool = False
    password_changed_at: datetime = field(default_factory=lambda: now() - timedelta(days=200))
    methods: list[dict[str, object]] = field(default_factory=list)
    blocked_bot: bool = False
    installed: bool = True
    unblocks_spent: bool = False
    sessions_revoked_at: datetime | None = None
    must_change_password: bool = False
    old_password_works: bool = True
    """Whether the password that was there at first still opens the account. With it, whoever knows it passes the demand
    for a new one, and chooses it."""
    roles: list[str] = field(default_factory=list)
    activated: list[str] = field(default_factory=list)
    """Directory roles: assigned for good, and activated for some hours."""
    group_roles: list[str] = field(default_factory=list)
    """Directory roles held as a member of a group to which they are assigned."""
    traces: Traces = field(default_factory=Traces)
    size: int = 1_325_400_123
    """Bytes in the mailbox; it may send below 106,300,440,576."""
    smtp_auth_off: bool | None = None
    """What the mailbox itself says of SMTP AUTH; without a word of it the organisation's counts."""
    mobile_phone: str | None = None
    business_phone: str | None = None

    def __post_init__(self) -> None:
        self.mobile_phone, self.business_phone = self.persona.phone, self.persona.business_phone


class Tenant:
    """One organisation. `changed` is called after every change."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self.changed = changed
        self.faults = Faults()
        self.cold = Cold()
        """How Exchange answers after a pause."""
        self.accounts = {key: Account(persona=persona) for key, persona in PEOPLE.items()}
        self.accounts["fay"].enabled = False
        self.approvers = {"bo", "cleo", "gil", "fay"}
        self.eligible = {"eli"}
        self.responders = {"bo", "cleo"}
        self.groups = Groups()
        self.entries: list[Listed] = []
        self.roles = set(ROLES | CONTAINING)
        self.management_roles = ManagementRoles()
        """Exchange's own rights: no claim of a token says anything of them."""
        self.premium = True
        self.auditing: bool | str = True
        """Whether the audit log is on, in the type that Exchange says it in."""
        self.smtp_auth_off = False
        self.federated: set[str] = set()
        self.list_lag = 0.0
        self.truncated = False
        self.list_dates = "iso"
        """The form of the restricted list's dates, one of `DATES`."""
        self.list_lies = ""
        """What it answers instead of what was asked, one of `LIES` or `LIES_OF_ONE`."""
        self.unlisted = "empty"
        """What somebody who is not listed is answered with: `empty`, `404` or `400`."""
        self.audits: list[dict[str, object]] = []
        self.removals: list[tuple[datetime, str, str]] = []
        self.reads = self.tokens = 0
        """How often the list was read, and how many tokens were asked for."""
        self.log: list[tuple[datetime, str]] = []
        self.connectors: dict[str, tuple[datetime, datetime | None]] = {}
        """Restricted connectors by id: since when, and when one was removed (the list lags)."""
        self.audit_log = AuditLog()
        self.sign_ins_a_page = 1_000
        self.hygiene: list[tuple[datetime, str, str, str]] = []
        self.unreadable: set[str] = set()
        """What the app lacks a role for, by our own names."""
        self.message_trace = MessageTrace()
        self.sent_by_others, self.may_send_outside = 120, 10_000
        """Recipients outside within 24 hours of those who have no name here, and how many the whole organisation may
        have."""
        self.policies = Policies(self.note)
        self.bot = APP_ID
        """The app whose Azure Bot has the Teams channel: Teams sends to it."""
        self.apps: dict[str, Registration] = {}
        """App registrations by their id, with the credentials that the login takes."""
        self.catalogue = Catalogue()
        self._ids = itertools.count(1)
        for key in ("ana", "bo", "cleo", "dan"):
            self.accounts[key].methods.append(method("microsoftAuthenticator", f"method-{next(self._ids)}", None))

    def begin_anew(self) -> None:
        """As on the first day, and nobody has a right in Exchange. What the services hold on to stays, the apps too."""
        fresh = vars(Tenant(self.changed))
        for name in fresh.keys() - _STAYS:
            setattr(self, name, fresh[name])
        self.faults.heal()
        self.audit_log.searches.clear()
        self.message_trace.calls.clear()
        self.message_trace.shown.clear()
        self.changed()

    def wave(self) -> None:
        """Every employee comes onto the restricted list within a moment."""
        for key, persona in PEOPLE.items():
            if persona.role == "employee":
                self.restrict(key, "limit")

    def note(self, text: str) -> None:
        """One line for the tenant's log, and everybody who watches is told."""
        self.log.append((now(), text))
        del self.log[:-200]
        self.changed()

    def account_of(self, id_or_upn: str) -> Account | None:
        wanted = id_or_upn.casefold()
        return next((a for a in self.accounts.values() if wanted in (a.persona.id, a.persona.upn.casefold())), None)

    def mailbox_of(self, name: str) -> Account | None:
        """Whose mailbox Exchange finds by an id or by any of its addresses; Graph knows the UPN alone."""
        by_address = (a for key, a in self.accounts.items() if name.casefold() in self._addresses(key))
        return self.account_of(name) or next(by_address, None)

    def restrict(
        self,
        key: str,
        kind: str = "limit",
        *,
        temporary: bool = False,
        since: datetime | None = None,
        changed: datetime | None = None,
        address: str | None = None,
        beside: bool = False,
    ) -> None:
        """Put somebody on the restricted list; `kind` is limit, internal, spam, rate, unknown, or a Reason text.

        `beside`: other entries of theirs stay, each with its own reason."""
        if not beside:
            self.lift(key)
        listed = address or PEOPLE[key].upn
        reason = _REASONS.get(kind, kind)
        self.entries.append(
            Listed(
                address=listed,
                reason=reason,
                since=since or now() - timedelta(seconds=2),
                changed=changed,
                temporary=temporary,
            )
        )
        self.hygiene.append((now(), listed, "Listed", reason or ""))
        if kind in _VOLUMES:
            self.accounts[key].traces.sent.append((now() - timedelta(minutes=1), *_VOLUMES[kind]))
        self.note(f"Microsoft 365 restricted {listed} ({kind})")

    @property
    def sent_outside(self) -> int:
        """Recipients outside that the whole organisation sent to within 24 hours."""
        since = now() - timedelta(hours=24)
        sent = (one for account in self.accounts.values() for one in account.traces.sent)
        return self.sent_by_others + sum(recipients for at, recipients, _ in sent if at > since)

    def lift(self, key: str) -> None:
        """Take somebody off the list at once, as an admin in Defender would (without the lag)."""
        mine = self._addresses(key)
        before = len(self.entries)
        self.entries = [entry for entry in self.entries if entry.address.casefold() not in mine]
        if len(self.entries) != before:
            self.note(f"{PEOPLE[key].name} was taken off the restricted list in Defender")

    def restrict_shared(self, kind: str = "limit") -> None:
        """The shared mailbox comes onto the restricted list."""
        self.entries = [entry for entry in self.entries if entry.address != SALES.address]
        reason = _REASONS.get(kind, kind)
        listed = Listed(address=SALES.address, reason=reason, since=now() - timedelta(seconds=2), temporary=False)
        self.entries.append(listed)
        self.note(f"Microsoft 365 restricted {SALES.address} ({kind})")

    def synchronise(self, key: str, *, on: bool) -> None:
        """Whether the account comes from the local directory."""
        self.accounts[key].synced = on
        self.note(f"{PEOPLE[key].name}: the account is {'synchronised from on-premises' if on else 'cloud-only'}")

    def restrict_connector(self, identity: str) -> None:
        """A connector comes onto the restricted list."""
        self.connectors[identity] = (now() - timedelta(seconds=2), None)
        self.note(f"Microsoft 365 restricted connector {identity}")

    def visible_connectors(self) -> list[tuple[str, datetime]]:
        """The list of connectors as a read shows it."""
        horizon = now() - timedelta(seconds=self.list_lag)
        kept = {one: times for one, times in self.connectors.items() if times[1] is None or times[1] > horizon}
        self.connectors = kept
        return [(one, times[0]) for one, times in kept.items()]

    def remove_connector(self, identity: str) -> bool:
        """What Remove-BlockedConnector does; false where no such connector is listed."""
        listed = dict(self.visible_connectors())
        if identity in listed:
            self.connectors[identity] = (listed[identity], now())
        return identity in listed

    def switch(self, which: str, name: str, *, on: bool) -> None:
        """Put a name into one of the tenant's sets of switches, or take it out."""
        (getattr(self, which).add if on else getattr(self, which).discard)(name)
        self.note(f"{name}: {which} is {'on' if on else 'off'}")

    def readable(self) -> None:
        """Every licence, permission and role is there."""
        self.unreadable.clear()
        self.note("Every licence, permission and role is there")

    def is_restricted(self, key: str) -> bool:
        return any(entry.address.casefold() in self._addresses(key) for entry in self.visible())

    def visible(self) -> list[Listed]:
        """The list as a read shows it: a removed entry lingers for the lag."""
        horizon = now() - timedelta(seconds=self.list_lag)
        self.entries = [e for e in self.entries if e.removed_at is None or e.removed_at > horizon]
        return list(self.entries)

    def remove(self, address: str) -> bool:
        """What Remove-BlockedSenderAddress does; false where nobody by that address is listed."""
        mine = [e for e in self.visible() if e.address.casefold() == address.casefold()]
        for entry in mine:
            entry.removed_at = entry.removed_at or now()
            self.hygiene.append((now(), entry.address, "Delisted", entry.reason or ""))
        return bool(mine)

    def reset_password(self, key: str, by: str | None = None) -> None:
        """A new password, with its line in the audit log, and the steps of the person's own sign-in."""
        account, actor = self.accounts[key], PEOPLE[by or key]
        account.password_changed_at = now()
        account.must_change_password = account.old_password_works = False
        self.audits.append(
            {
                "id": f"audit-{next(self._ids)}",
                "category": "UserManagement",
                "activityDisplayName": "Reset password (self-service)" if actor.key == key else "Reset user password",
                "activityDateTime": stamp(account.password_changed_at),
                "result": "success",
                "loggedByService": "Core Directory",
                "initiatedBy": {"app": None, "user": {"userPrincipalName": actor.upn, "ipAddress": "192.0.2.44"}},
                "targetResources": [{"id": account.persona.id, "type": "User"}],
            }
        )
        if actor.key == key:
            account.traces.steps()
        self.note(f"{PEOPLE[key].name} has a new password")

    def reset_by_app(self, account: Account) -> None:
        """The audit log's line for a password that an app has set."""
        self.audits.append(
            {
                "id": f"audit-{next(self._ids)}",
                "category": "UserManagement",
                "activityDisplayName": "Reset user password",
                "activityDateTime": stamp(now()),
                "result": "success",
                "loggedByService": "Core Directory",
                "initiatedBy": {"app": {"displayName": "Sendwell responder"}, "user": None},
                "targetResources": [{"id": account.persona.id, "type": "User"}],
            }
        )
        self.note(f"Graph set a password for {account.persona.name} that nobody was shown")

    def privilege(self, key: str, *, on: bool, activated: bool = False, through_group: bool = False) -> None:
        """A directory role for good, activated for some hours, or held through a group; off takes all of them away."""
        account = self.accounts[key]
        account.roles = ["Helpdesk Administrator"] if on and not activated and not through_group else []
        account.activated = ["Global Administrator"] if on and activated else []
        account.group_roles = ["Exchange Administrator"] if on and through_group else []
        self.note(f"{PEOPLE[key].name} holds {'a' if on else 'no'} directory role")

    def audit(
        self, key: str, activity: str, app: str | None = None, changed: dict[str, tuple[str | None, str]] | None = None
    ) -> None:
        """A line of the directory's audit log about an account; `changed`: old and new values by name."""
        modified = [
            {"displayName": name, "oldValue": f'["{was}"]' if was else "[]", "newValue": f'["{now_is}"]'}
            for name, (was, now_is) in (changed or {}).items()
        ]
        targets: list[dict[str, object]] = [{"id": PEOPLE[key].id, "type": "User", "modifiedProperties": modified}]
        if app:
            targets.append({"id": "app", "type": "ServicePrincipal", "displayName": app})
        self.audits.append(
            {
                "id": f"audit-{next(self._ids)}",
                "activityDisplayName": activity,
                "activityDateTime": stamp(now()),
                "result": "success",
                "initiatedBy": {"app": None, "user": {"userPrincipalName": PEOPLE[key].upn}},
                "targetResources": targets,
            }
        )

    def investigate(self, key: str, what: str) -> None:
        """What an investigation is to find about an account."""
        traces = self.accounts[key].traces
        finds: dict[str, Callable[[], object]] = {
            "forwarding": lambda: setattr(traces, "forwarding", "collector@mail.example"),
            "no forwarding": lambda: setattr(traces, "forwarding", None),
            "hidden rule": lambda: traces.rule(".", forward_to="collector@mail.example", hidden=True),
            "deleting rule": lambda: traces.rule("tidy", delete=True),
            "no rules": traces.rules.clear,
            "abroad": lambda: traces.signs_in(ABROAD),
            "burst": traces.burst,
            "risk": traces.at_risk,
            "no risk": lambda: setattr(traces, "risk", None),
            "consent": lambda: self.audit(key, "Consent to application", app="Mail Sync Pro"),
        }
        finds[what]()
        self.note(f"{PEOPLE[key].name}: {what}")

    def add_method(self, key: str, kind: str = "microsoftAuthenticator", created: datetime | None = None) -> None:
        """Somebody registers a method, with all that leaves in the logs."""
        self.accounts[key].methods.append(method(kind, f"method-{next(self._ids)}", created))
        self._registered(key, kind)

    def set_phone(self, key: str, number: str, place: str = "mobile") -> None:
        """Somebody registers a telephone number: in its place, so that the number that was there is gone."""
        new = phone(number, place)
        others = [one for one in self.accounts[key].methods if one["id"] != new["id"]]
        self.accounts[key].methods = [*others, new]
        self._registered(key, f"phone: {place}")

    def change_number(self, key: str, number: str, *, business: bool = False) -> None:
        """Another number in the directory: the mobile one by its holder, the business one by an admin."""
        account = self.accounts[key]
        which, name = ("business_phone", "TelephoneNumber") if business else ("mobile_phone", "MobilePhone")
        was = getattr(account, which)
        setattr(account, which, number)
        self.audit(key, "Update user", changed={name: (was, number)})
        self.note(f"{PEOPLE[key].name} has another {'business' if business else 'mobile'} number")

    def _registered(self, key: str, what: str) -> None:
        self.accounts[key].traces.steps()
        self.audit(key, "User registered security info")
        self.note(f"{PEOPLE[key].name} set up a sign-in method ({what})")

    def remove_methods(self, key: str) -> None:
        self.accounts[key].methods.clear()
        self.note(f"{PEOPLE[key].name} has no sign-in method besides the password")

    def _addresses(self, key: str) -> set[str]:
        persona = PEOPLE[key]
        return {persona.upn.casefold(), *(alias.casefold() for alias in persona.aliases)}


_STAYS = {"apps", "audit_log", "message_trace", "faults", "list_lag"}
_TRACE = "6d1f0a52-0000-4000-8000-00000000beef"
_VOLUMES = {"limit": (2_000, "Autumn newsletter"), "spam": (502, "Open invoice")}
_REASONS = {
    "spam": f"OutboundSpamLast24Hours=318;OutboundMailLast24Hours=502;OutboundSpamPercent=63;"
    f"Last Spam Message MessagetraceId:{_TRACE};AS:8",
    "limit": f"EmailSendingLimitExceeded;InternalRecipientCountToday=22;ExternalRecipientCountToday=2000;"
    f"ExceedingLimitType=External;Last MessagetraceId={_TRACE};LastMessageRcptCount=50;",
    "internal": f"EmailSendingLimitExceeded;InternalRecipientCountToday=1150;ExternalRecipientCountToday=4;"
    f"ExceedingLimitType=Internal;Last MessagetraceId={_TRACE};LastMessageRcptCount=300;",
    "rate": "RecipientRateLimitExceeded;RecipientCountLast24Hours=10034;RcptRateLimit=10000",
    "unknown": "SomethingNewHappened=1",
}
