"""What the page's buttons change in Microsoft 365."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.clock import CLOCK
from sandbox.connector_cmdlets import RELAY
from sandbox.outbox import Outbox
from sandbox.people import PEOPLE
from sandbox.tenant import Tenant


def change(tenant: Tenant, outbox: Outbox, asked: dict[str, Any]) -> None:
    """One change, by its name and what belongs to it.

    Raises:
        ValueError: it is not understood.
    """
    who = str(asked.get("who", "ana"))
    if who not in PEOPLE:
        raise ValueError(f"There is nobody called {who!r} here.")
    verbs: dict[str, Callable[[], object]] = {
        "restrict": lambda: tenant.restrict(who, str(asked.get("kind", "limit"))),
        "send_mailing": lambda: tenant.restrict(who, "limit"),
        "lift": lambda: tenant.lift(who),
        "reset_password": lambda: tenant.reset_password(who),
        "add_method": lambda: tenant.add_method(who),
        "remove_methods": lambda: tenant.remove_methods(who),
        "fail": lambda: tenant.faults.fail(str(asked.get("service")), str(asked.get("fault"))),
        "heal": lambda: tenant.faults.heal(str(asked["service"]) if asked.get("service") else None),
        "send_message": lambda: outbox.send(who),
        "list_lag": lambda: setattr(tenant, "list_lag", float(asked.get("seconds", 0))),
        "truncate": lambda: setattr(tenant, "truncated", bool(asked.get("on"))),
        "bulk_senders": tenant.policies.bulk_senders,
        "change_policy": tenant.policies.somebody_changes,
        "no_limits": tenant.policies.no_limits,
        "lacks_policies": lambda: tenant.switch("unreadable", "policies", on=bool(asked.get("on"))),
        "role": lambda: tenant.privilege(who, on=bool(asked.get("on"))),
        "synchronised": lambda: tenant.synchronise(who, on=bool(asked.get("on"))),
        "responder": lambda: tenant.switch("responders", who, on=bool(asked.get("on"))),
        "restrict_connector": lambda: tenant.restrict_connector(RELAY),
        "restrict_shared": lambda: tenant.restrict_shared(str(asked.get("kind", "limit"))),
        "unreadable": lambda: tenant.switch("unreadable", str(asked.get("what")), on=bool(asked.get("on"))),
        "readable": tenant.readable,
        "investigate": lambda: tenant.investigate(who, str(asked.get("what"))),
        "installed": lambda: setattr(tenant.accounts[who], "installed", bool(asked.get("on"))),
        "limit_unblocks": lambda: setattr(tenant.accounts[who], "unblocks_spent", bool(asked.get("on"))),
        "wave": tenant.wave,
        "later": lambda: _later(tenant, float(asked.get("hours", 1))),
    }
    verb = verbs.get(str(asked.get("do")))
    if verb is None:
        raise ValueError(f"Known: {', '.join(sorted(verbs))}")
    verb()


def _later(tenant: Tenant, hours: float) -> None:
    CLOCK.move(timedelta(hours=hours))
    tenant.note(f"It is {hours:g} hours later" if hours != 1 else "It is one hour later")
