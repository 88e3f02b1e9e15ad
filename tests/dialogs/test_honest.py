"""Honest people do not wait longer than they must: in every kind of tenant one click of one approver is enough for
somebody who exceeded a limit and secured their account."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from services.clients.store.database import Database
from services.domain.case.status import Status
from services.domain.evidence.report import Risk, RiskLevel
from services.domain.people import PasswordHome
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, report
from tests.dialogs.test_worsening import button
from tests.dialogs.world import ANA_CLICKS, LONG_DAYS, World

CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A kind of tenant. `answers_for`: what the approver ticks and says in the same form."""

    name: str
    is_so: Callable[[World], None]
    answers_for: dict[str, str]


def with_p2(w: World) -> None:
    """Every source answers."""


def with_p1(w: World) -> None:
    w.traces.report = report(risk=Risk(level=RiskLevel.HIDDEN))


def without_licences(w: World) -> None:
    w.traces.troubles = {"risk": UnknownReason.NO_LICENCE, "sign_ins": UnknownReason.NO_LICENCE}


def without_rights(w: World) -> None:
    """Nobody granted what the optional sources need."""
    w.traces.troubles = dict.fromkeys(("risk", "sign_ins", "changes", "sent"), UnknownReason.NO_PERMISSION)


def synchronised(w: World) -> None:
    w.directory.people[ANA] = replace(w.directory.people[ANA], password_home=PasswordHome.ON_PREMISES)


def with_a_slow_source(w: World) -> None:
    w.traces.hanging = {"sign_ins"}


TENANTS = (
    Tenant(name="P2", is_so=with_p2, answers_for={}),
    Tenant(name="P1", is_so=with_p1, answers_for={}),
    Tenant(name="no licences", is_so=without_licences, answers_for={}),
    # Nothing dates the second factors there, and nothing would show who else got in: that is asked on the telephone.
    Tenant(name="no optional rights", is_so=without_rights, answers_for=CALLED),
    # Nobody can see there whether the password was changed: that is asked on the telephone, in the same form.
    Tenant(name="synchronised", is_so=synchronised, answers_for=CALLED),
    Tenant(name="a slow source", is_so=with_a_slow_source, answers_for=CALLED),
)


@pytest.mark.parametrize("tenant", TENANTS, ids=[tenant.name for tenant in TENANTS])
async def test_one_click_is_enough(database: Database, tenant: Tenant) -> None:
    w = World(database, replace(LONG_DAYS, slow_read=timedelta(milliseconds=4)))
    await w.ana_asks(LIMIT_REASON)
    w.directory.people[ANA] = replace(w.directory.people[ANA], password_changed_at=w.clock.now())
    tenant.is_so(w)
    clicks = ("password_done", "mfa_done", "mailing_unsure", "send")
    for verb in clicks:
        await w.presses(ANA_CLICKS, verb)
    asked_at = w.clock.now()
    await w.presses(BO, "approve", 1, None, **tenant.answers_for, **button(w, "approve"))
    while not w.mail.removals and w.clock.now() < asked_at + HOUR:
        await w.passes(timedelta(seconds=10))
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
