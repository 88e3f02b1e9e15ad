"""A tenant that an earlier version set up, or that others work in, gets what is missing and keeps what is theirs."""

from collections.abc import Sequence

import pytest

from sandbox.exchange_script import run_script
from sandbox.management_roles import ManagementRoles, RoleRefused
from services.domain.exchange_roles import BOT, RESPONDER, ROLES, cmdlets_of
from services.setup.scripts import scripts

APP, SECOND = ("APP-ID", "OBJECT-ID"), ("SECOND-APP-ID", "SECOND-OBJECT-ID")
ANOTHERS = ("OTHER-APP-ID", "OTHER-OBJECT-ID")
GIVES, REMOVES = scripts()["3-exchange.ps1"], scripts()["remove-exchange.ps1"]
EARLY = [role for role in ROLES if role.group == BOT and role.name not in ("Sendwell Auditing", "Sendwell Limits")]


def organisation() -> ManagementRoles:
    """Its directory has the enterprise applications."""
    roles = ManagementRoles()
    for app, object_id in (APP, SECOND, ANOTHERS):
        roles.knows_principal(app, object_id)
    return roles


def set_up_early(roles: ManagementRoles) -> None:
    """As an earlier version's script left it: fewer roles in the group, and one with fewer cmdlets."""
    roles.new_principal(*APP)
    for role in EARLY:
        roles.new_role(role.name, role.parent)
        for cmdlet in set(roles.entries(role.name)) - set(role.cmdlets[:2]):
            roles.remove_entry(role.name, cmdlet)
    roles.new_group(BOT, [role.name for role in EARLY])
    roles.add_member(BOT, APP[1])


def test_roles_and_cmdlets_that_came_later_are_added_to_the_group_that_is_there() -> None:
    roles = organisation()
    set_up_early(roles)
    for _ in range(2):
        run_script(GIVES, roles)
        assert roles.cmdlets_of(APP[0]) == cmdlets_of(BOT)
        assert roles.cmdlets_of(SECOND[0]) == cmdlets_of(RESPONDER)


def test_what_nobody_else_uses_is_taken_back_whole() -> None:
    roles = organisation()
    run_script(GIVES, roles)
    assert run_script(REMOVES, roles) == []
    held = [("RoleGroup", BOT), ("RoleGroup", RESPONDER), ("ServicePrincipal", APP[0]), ("ServicePrincipal", SECOND[0])]
    held += [("ManagementRole", role.name) for role in ROLES]
    assert [one for one in held if roles.has(*one)] == []
    assert "was not found" in " ".join(run_script(REMOVES, roles))  # it may be run again


def somebody_joins(roles: ManagementRoles) -> None:
    roles.new_principal(*ANOTHERS)
    roles.add_member(BOT, ANOTHERS[1])


def somebody_adds_a_role(roles: ManagementRoles) -> None:
    roles.new_assignment(BOT, "View-Only Configuration")


@pytest.mark.parametrize(
    ("happens", "said"), [(somebody_joins, "somebody else is in it"), (somebody_adds_a_role, "roles of somebody else")]
)
def test_a_role_group_that_somebody_else_uses_stays_without_our_app(happens: object, said: str) -> None:
    roles = organisation()
    run_script(GIVES, roles)
    assert callable(happens)
    happens(roles)
    assert f"The role group {BOT} stays: " in (told := " ".join(run_script(REMOVES, roles)))
    assert said in told
    assert roles.cmdlets_of(APP[0]) == frozenset()
    assert roles.has("RoleGroup", BOT)
    assert roles.has("ManagementRole", "Sendwell Lists")  # it is the group's still
    assert not roles.has("RoleGroup", RESPONDER)


def test_a_role_that_somebody_assigned_elsewhere_stays() -> None:
    roles = organisation()
    run_script(GIVES, roles)
    roles.new_group("Help desk", ["Sendwell Mailboxes"])
    assert run_script(REMOVES, roles) == ["The role Sendwell Mailboxes stays: it is assigned to somebody."]
    assert roles.assignments(group="Help desk") == {("help desk", "sendwell mailboxes")}
    assert not roles.has("ManagementRole", "Sendwell Lists")


@pytest.mark.parametrize(
    "refused",
    [
        ("new_assignment", BOT, "Nobody's"),
        ("new_assignment", "Nobody's", "Mail Recipients"),
        ("new_assignment", BOT, "Sendwell Lists"),
        ("add_entry", "Sendwell Lists", "Get-BlockedSenderAddress"),
        ("remove", "ManagementRole", "Sendwell Lists"),
        ("remove", "ManagementRole", "Mail Recipients"),
        ("remove", "RoleGroup", "Security Administrator"),
        ("remove", "ServicePrincipal", ANOTHERS[1]),
        ("remove_member", BOT, ANOTHERS[1]),
    ],
    ids=" ".join,
)
def test_the_administrator_is_refused_what_exchange_refuses(refused: Sequence[str]) -> None:
    roles = organisation()
    set_up_early(roles)
    verb, *names = refused
    with pytest.raises(RoleRefused):
        getattr(roles, verb)(*names)
