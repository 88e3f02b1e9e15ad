"""Each grant is taken away in the sandbox: exactly what its row of the table names is lost, and nothing else. With the
least set alone the main job is done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio

from sandbox import Sandbox
from sandbox.management_roles import RoleRefused
from sandbox.people import DOMAIN, PEOPLE
from services.clients.doctor.of_auditing import is_auditing
from services.domain.containment.containment import ContainmentStep, StepOutcome
from services.domain.people import PersonId
from services.domain.permissions import NEEDS, Need
from services.ports.errors import Unavailable, Unreachable
from services.ports.microsoft365 import RemovalDone
from tests.clients.box_access import BoxAccess, access_to
from tests.recording.conftest import rich

ANA, KIM, ELI = (PersonId(PEOPLE[key].id) for key in ("ana", "kim", "eli"))
ANAS, KIMS = PEOPLE["ana"].upn, PEOPLE["kim"].upn
ROLES = {
    "BOT": ("Sample hygiene", "Sample mailboxes", "Sample domains", "Sample auditing"),
    "RESPONDER": ("Sample containing",),
}
CONTAINS = {
    ContainmentStep.REVOKE_SESSIONS: "ends sessions",
    ContainmentStep.NEW_PASSWORD: "sets a password",
    ContainmentStep.DISABLE: "switches the account",
    ContainmentStep.FORWARDING_OFF: "stops forwarding",
    ContainmentStep.RULES_OFF: "stops rules",
}
LIST = {"list", "unblock"}
MAILBOX = {"whose mailbox", "forwarding", "where the mailbox is", "room"}
LOGS = {"registration", "password changes", "sign-ins", "account changes"}
LIMITS = {"limits"}
IN_EXCHANGE = {*LIST, "auditing", *MAILBOX, *LIMITS, "connectors", "rules", "outside", "tenant limit", "programs"}
CONTAINED = {"stops forwarding", "stops rules"}
LOST: Mapping[str, set[str]] = {
    "people": {"person", "federated", "eligible", *CONTAINS.values()},  # containing reads the account first
    "deciders": {"approvers", "eligible"},
    "exchange": IN_EXCHANGE | CONTAINED,
    "list": LIST,
    "methods": {"methods"},
    "logs": LOGS,
    "domains": {"federated"},
    "eligible": {"eligible"},
    "risk": {"risk"},
    "risk_events": {"risk"},
    "traces": {"traces"},
    "audit": {"earlier restrictions"},
    "installing": {"first word"},
    "connectors": {"connectors"},
    "mailboxes": MAILBOX,
    "rules": {"rules", "outside"},
    "own_domains": {"outside"},
    "tenant_limit": {"tenant limit"},
    "room": {"room"},
    "smtp_auth": {"programs"},
    "smtp_auth_everywhere": {"programs"},
    "auditing": {"auditing"},
    "limits": LIMITS,
    "sessions": {"ends sessions"},
    "passwords": {"sets a password"},
    "accounts": {"switches the account"},
    "admin_roles": {"admin roles"},
    "containing": CONTAINED,
}
"""By the row of the table: what does not work without it."""

Use = Callable[[], Awaitable[object]]


def uses(box: Sandbox, access: BoxAccess) -> Iterator[tuple[str, Use]]:
    """Everything that Sendwell does in the organisation, each under its own name. An answer that is worth nothing
    without the grant is `None`."""
    ports, now = access.ports, datetime.now(UTC)
    since = now - timedelta(days=5)

    async def federated() -> object:
        return (await ports.directory.person(ANA)).password_home == "federated" or None

    async def eligible() -> object:
        return (await ports.approvers.standing(ELI)) == "eligible" or None

    async def outside() -> object:
        rules = await ports.mailbox_evidence.inbox_rules(ANAS)
        return None if any(rule.targets and rule.external is None for rule in rules.rows) else rules

    async def unblock() -> object:
        box.tenant.restrict("kim")
        return await ports.senders.unblock(KIMS, "") == RemovalDone() or None

    yield "person", lambda: ports.directory.person(ANA)
    yield "federated", federated
    yield "approvers", lambda: ports.approvers.anybody_but(ANA)
    yield "eligible", eligible
    yield "list", ports.senders.restricted
    yield "unblock", unblock
    yield "connectors", ports.connectors.restricted
    yield "whose mailbox", lambda: ports.mailboxes.mailbox(ANAS)
    yield "where the mailbox is", lambda: ports.mailboxes.home(ANAS)
    yield "forwarding", lambda: ports.mailbox_evidence.forwarding(ANAS)
    yield "rules", lambda: ports.mailbox_evidence.inbox_rules(ANAS)
    yield "outside", outside
    yield "traces", lambda: ports.mailbox_evidence.sent((ANAS,), since, now - timedelta(minutes=5))
    yield "tenant limit", ports.policies.tenant_limit
    yield "room", lambda: ports.mailboxes.fill(ANAS)
    yield "programs", lambda: ports.mailboxes.smtp_auth(ANAS)
    yield "auditing", lambda: is_auditing(access.bot.cmdlets)
    yield "limits", lambda: ports.policies.snapshot((ANAS,), ANA)
    yield "methods", lambda: ports.directory.methods(ANA)
    yield "registration", lambda: ports.directory.registration(ANA)
    yield "password changes", lambda: ports.directory.password_changes(ANA, since)
    yield "sign-ins", lambda: ports.account_evidence.sign_ins(ANA, since)
    yield "risk", lambda: ports.account_evidence.risk(ANA)
    yield "account changes", lambda: ports.account_evidence.changes(ANA, since)
    yield "admin roles", lambda: ports.containment.privileged(KIM)
    yield "earlier restrictions", lambda: ports.audit_log.begin("one for all", (ANAS,), since, now)
    yield "first word", lambda: access.installer.chat_with(KIM)
    for step, name in CONTAINS.items():
        yield name, _contains(access, step)


def _contains(access: BoxAccess, step: ContainmentStep) -> Use:
    async def contain() -> object:
        result = await access.ports.containment.contain(step, KIM, KIMS, ())
        return result.outcome in (StepOutcome.DONE, StepOutcome.ALREADY_SO) or None

    return contain


async def lost_by(box: Sandbox, access: BoxAccess) -> set[str]:
    """What does not work at this moment."""

    async def fails(use: Use) -> bool:
        try:
            return await use() is None
        except (Unavailable, Unreachable):
            return True

    named = dict(uses(box, access))
    failed = await asyncio.gather(*map(fails, named.values()))
    return {name for name, is_lost in zip(named, failed, strict=True) if is_lost}


@contextmanager
def without(box: Sandbox, need: Need) -> Iterator[None]:
    """The organisation takes the grant away, and gives it back at the end."""
    taken = [_taken(box, need, cmdlet) for cmdlet in need.cmdlets]
    box.tenant.roles.discard(need.permission)
    yield
    if need.permission:
        box.tenant.roles.add(need.permission)
    for role, cmdlet in taken:
        box.tenant.management_roles.add_entry(role, cmdlet)


def _taken(box: Sandbox, need: Need, cmdlet: str) -> tuple[str, str]:
    for role in ROLES["RESPONDER" if need.key == "containing" else "BOT"]:
        try:
            box.tenant.management_roles.remove_entry(role, cmdlet)
        except RoleRefused:
            continue
        return role, cmdlet
    raise AssertionError(f"no role of the sandbox has {cmdlet}")


@pytest_asyncio.fixture
async def box(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(data=tmp_path) as box:
        rich(box).tenant.federated.add(DOMAIN)
        box.tenant.accounts["kim"].installed = False
        yield box


async def test_without_one_grant_what_its_row_names_is_lost_and_nothing_else(box: Sandbox) -> None:
    async with access_to(box, SENDWELL_TRACE_CALLS="100") as access:
        assert await lost_by(box, access) == set()
    found: dict[str, set[str]] = {}
    for need in NEEDS:
        box.tenant.accounts["kim"].installed, box.tenant.accounts["kim"].enabled = False, True
        # A client of its own for each: what one was told of a domain it knows for a while.
        async with access_to(box, SENDWELL_TRACE_CALLS="100") as access:
            with without(box, need):
                found[need.key] = await lost_by(box, access)
    assert found == LOST


async def test_the_least_set_does_the_main_job(box: Sandbox) -> None:
    async with access_to(box) as access:
        box.tenant.roles &= {need.permission for need in NEEDS if need.least}
        for need in NEEDS:
            if need.cmdlets and not need.least:
                for cmdlet in need.cmdlets:
                    _taken(box, need, cmdlet)
        works = set(dict(uses(box, access))) - await lost_by(box, access)
    assert works >= {"person", "approvers", "list", "unblock"}
    assert works & {"methods", "connectors", "limits", "traces", "ends sessions"} == set()
