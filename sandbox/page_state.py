"""What one viewer sees of everything, as JSON."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.chats import BOT, Message
from sandbox.clock import CLOCK
from sandbox.outbox import Mail, Outbox
from sandbox.people import BOT_NAME, CHANNEL_NAME, PEOPLE
from sandbox.policies import CONDITIONS, EXCEPTIONS, LIMITS
from sandbox.teams import Teams
from sandbox.tenant import Account, Tenant


def state_for(viewer: str, tenant: Tenant, teams: Teams, outbox: Outbox) -> dict[str, Any]:
    """Chat, channel and tenant in the viewer's eyes."""
    return {
        "viewer": viewer,
        "channel_name": CHANNEL_NAME,
        "people": [{**_person(key), "role": _role(key, tenant), "latest": _latest(teams.chat(key))} for key in PEOPLE],
        "chat": [_message(message, viewer, teams) for message in teams.chat(viewer)],
        "channel": [_message(message, viewer, teams) for message in teams.channel()],
        "tenant": _tenant(tenant, outbox),
    }


def _person(key: str) -> dict[str, Any]:
    persona = PEOPLE[key]
    return {"key": key, "name": persona.name, "role": persona.role, "initials": _initials(persona.name)}


def _role(key: str, tenant: Tenant) -> str:
    """What they may do here: who contains accounts as well says so."""
    return ", ".join([PEOPLE[key].role, *(["responder"] if key in tenant.responders else [])])


def _latest(messages: list[Message]) -> str | None:
    """When the bot last wrote there, or changed the last word: whoever looks elsewhere gets a dot."""
    changed = [m.updated_at for m in messages[-1:] if m.author == BOT and m.updated_at]
    return _iso(max([*changed, *(m.at for m in messages if m.author == BOT)], default=None))


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split())[:2]


def _message(message: Message, viewer: str, teams: Teams) -> dict[str, Any]:
    author = {"key": BOT, "name": BOT_NAME} if message.author == BOT else _person(message.author)
    return {
        "id": message.id,
        "conversation": message.conversation,
        "thread": message.thread if message.thread != message.id else None,
        "author": author,
        "text": message.text,
        "card": teams.view(viewer, message),
        "at": message.at.isoformat(),
        "updated_at": _iso(message.updated_at),
        "private": viewer in message.private,
        "notified": [PEOPLE[key].name for key in message.notified],
        "notice": message.notices.get(viewer),
        "waits": teams.waits(message),
    }


def _tenant(tenant: Tenant, outbox: Outbox) -> dict[str, Any]:
    return {
        "restricted": [
            {
                "address": entry.address,
                "reason": entry.reason,
                "since": _iso(entry.since),
                "temporary": entry.temporary,
                "lagging": entry.removed_at is not None,
                "gone_at": _iso(entry.removed_at + timedelta(seconds=tenant.list_lag) if entry.removed_at else None),
            }
            for entry in tenant.visible()
        ],
        "policies": [_policy(policy, tenant) for policy in tenant.policies.policies],
        "connectors": [{"id": one, "since": since.isoformat()} for one, since in tenant.visible_connectors()],
        "people": [_account(key, account, tenant, outbox) for key, account in tenant.accounts.items()],
        "ahead": CLOCK.ahead.total_seconds(),
        "truncated": tenant.truncated,
        "unreadable": sorted(tenant.unreadable),
        "responders": sorted(tenant.responders),
        "faults": [{"service": name, "fault": fault.kind} for name, fault in tenant.faults.active.items()],
        "list_lag": tenant.list_lag,
        "log": [{"at": at.isoformat(), "text": text} for at, text in tenant.log[-40:]],
    }


def _policy(policy: dict[str, Any], tenant: Tenant) -> dict[str, Any]:
    rule = tenant.policies.rule_of(policy["Name"])
    whom = [value for name in (*CONDITIONS, *EXCEPTIONS) for value in _named(name, rule)] if rule else []
    return {"name": policy["Name"], "limits": [policy[name] for name in LIMITS], "whom": whom}


def _named(name: str, rule: dict[str, Any]) -> list[str]:
    mark = "but not " if name in EXCEPTIONS else ""
    return [f"{mark}{value}" for value in rule[name] or []]


def _account(key: str, account: Account, tenant: Tenant, outbox: Outbox) -> dict[str, Any]:
    kinds = [str(m["@odata.type"]).removeprefix("#microsoft.graph.") for m in account.methods]
    return {
        "key": key,
        "name": account.persona.name,
        "upn": account.persona.upn,
        "password_changed_at": _iso(account.password_changed_at),
        "methods": [kind.removesuffix("AuthenticationMethod") for kind in kinds],
        "enabled": account.enabled,
        "synced": account.synced,
        "role": bool(account.roles or account.activated or account.group_roles),
        "signed_out_at": _iso(account.sessions_revoked_at),
        "must_change_password": account.must_change_password,
        "restricted": tenant.is_restricted(key),
        "installed": account.installed,
        "forwards": account.traces.forwarding is not None,
        "has_rules": bool(account.traces.rules),
        "at_risk": account.traces.risk is not None,
        "unblocks_spent": account.unblocks_spent,
        "mail": _mail(outbox.last_of(key)),
    }


def _mail(mail: Mail | None) -> dict[str, Any] | None:
    return {"number": mail.number, "at": mail.at.isoformat(), "bounce": mail.bounce} if mail else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
