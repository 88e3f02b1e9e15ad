"""The findings about one app: its login, its credential, and each grant of the table."""

from collections.abc import Iterator
from datetime import timedelta

from services.domain.doctor.facts import AppFacts, Facts
from services.domain.doctor.findings import Finding, Health
from services.domain.permissions import Need, needs_of
from services.domain.unknown import Unknown, UnknownReason

_SOON = timedelta(days=30)
"""A credential that ends sooner is to be renewed now."""


def of_app(app: AppFacts, facts: Facts) -> Iterator[Finding]:
    """Without a token there is nothing else to say of it."""
    if app.refused:
        yield _missing("login", "login_refused", app.app, why=app.refused)
        return
    if isinstance(app.roles, Unknown):
        yield Finding(check="login", what=app.app, health=Health.CANNOT_TELL, says="login_away")
        return
    if not app.in_our_tenant:
        yield _missing("login", "tenant_other", app.app)
        return
    yield Finding(check="login", what=app.app)
    yield _credential(app, facts)
    for need in needs_of(app.app):
        if need.key not in facts.not_offered:
            yield _cmdlets(app, need) if need.cmdlets else _permission(app, need, app.roles)


def _credential(app: AppFacts, facts: Facts) -> Finding:
    if isinstance(app.ends, Unknown):
        return Finding(check="credential", what=app.app, health=Health.CANNOT_TELL, says="credential_unknown")
    left = _SOON if app.ends is None else app.ends - facts.now
    if left < timedelta():
        return _missing("credential", "credential_ended", app.app)
    if left < _SOON:
        return _missing("credential", "credential_ends", app.app, days=left.days)
    return Finding(check="credential", what=app.app)


def _permission(app: AppFacts, need: Need, roles: frozenset[str]) -> Finding:
    """What the token holds, and then whether the service takes it: a grant may have been taken back since."""
    granted = {"permission": need.permission, "api": need.api.value, "app": app.app}
    if need.permission not in roles:
        return _lacks(need, "permission_missing", **granted)
    why = app.calls.get(need.key)
    if why is None or why.reason is UnknownReason.NOT_YET:
        return Finding(check="permission", what=need.permission, need=need.key)
    if why.reason is UnknownReason.NO_PERMISSION:
        return _lacks(need, "permission_refused", **granted)
    if why.reason is UnknownReason.NO_LICENCE:
        return _lacks(need, "licence_missing", licence=need.licence or need.api.value)
    if why.reason is UnknownReason.NOT_SET_UP:
        return _lacks(need, "not_set_up")
    return Finding(
        check="permission",
        what=need.permission,
        need=need.key,
        health=Health.CANNOT_TELL,
        says="source_away",
        filled={"why": why.reason.replace("_", " ")},
    )


def _cmdlets(app: AppFacts, need: Need) -> Finding:
    what = need.cmdlets[0]
    if isinstance(app.cmdlets, Unknown):
        return Finding(check="cmdlets", what=what, need=need.key, health=Health.CANNOT_TELL, says="cmdlets_unknown")
    lacking = [cmdlet for cmdlet in need.cmdlets if cmdlet not in app.cmdlets]
    role = need.management_role
    if not lacking or role is None:
        return Finding(check="cmdlets", what=what, need=need.key)
    return Finding(
        check="cmdlets",
        what=what,
        need=need.key,
        health=Health.MISSING,
        optional=not need.least,
        says="cmdlets_missing",
        filled={"cmdlets": ", ".join(lacking), "role": role.name, "parent": role.parent, "group": role.group},
    )


def _lacks(need: Need, says: str, **filled: str) -> Finding:
    return Finding(
        check="permission",
        what=need.permission,
        need=need.key,
        health=Health.MISSING,
        optional=not need.least,
        says=says,
        filled=filled,
    )


def _missing(check: str, says: str, what: str, **filled: str | int) -> Finding:
    return Finding(check=check, health=Health.MISSING, says=says, what=what, filled=filled)
