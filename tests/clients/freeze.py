"""`python -m tests.clients.freeze` writes the case bodies of the present version, as the store writes them today.

Only while that version is unreleased: the bodies of older versions are never changed (see `docs/develop.md`)."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from services.clients.store.case_schema import SCHEMA
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.domain.case.case import UNNUMBERED, Case
from services.domain.case.creation import created_by_person
from services.domain.case.forgetting import forgotten
from services.domain.case.status import Status
from services.domain.evidence.audit_search import AuditSearch
from services.domain.evidence.report import AccountChange, Change, InboxRule, Risk, RiskLevel, RuleDeed
from services.domain.limits.outbound_policy import AutoForwarding, OutboundPolicy, ThresholdAction
from services.domain.people import SECOND_FACTORS, MethodKind
from services.domain.proofs.securing import MfaFinding, MfaProof, PasswordProof
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.approver_pictures import approver_cases
from tests.cards.person_pictures import person_cases
from tests.cards.sample_evidence import DAY
from tests.cases import CASES, NOW, report
from tests.databases import sqlite_url

STORED = Path(__file__).parent / "stored"
RARE = report(
    rules=(InboxRule(id="1", name="x", enabled=True, hidden=False, deeds=(RuleDeed.REDIRECTS, RuleDeed.HIDES)),),
    risk=Risk(level=RiskLevel.MEDIUM),
    # A changed number came later than the oldest version: `approver-who-to-call` has it.
    changes=tuple(AccountChange(at=NOW, what=what) for what in Change if what is not Change.NUMBER_CHANGED),
    sent=Unknown(reason=UnknownReason.INCOMPLETE),
    listings=Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE),
)
ODD_POLICY = OutboundPolicy(name="Odd", action=ThresholdAction.ALERT, forwarding=AutoForwarding.ON, bcc_to=("x@x",))
FORGOTTEN = ("approver-stolen", "approver-contain-put-back", "approver-limits-applied", "approver-shared-mailbox")


def features() -> dict[str, Case]:
    """Cases in every status and with every feature, and some whose personal details were deleted."""
    cases = {
        **{f"status-{status.name.lower()}": case for status, case in CASES.items()},
        **{f"person-{name}": case for name, case in person_cases().items()},
        **{f"approver-{name}": case for name, case in approver_cases().items()},
    }
    waiting, proposed = CASES[Status.WAITING], cases["approver-limits-proposed"]
    assert proposed.limit_change is not None
    assert proposed.limit_change.plan is not None
    odd = replace(proposed.limit_change, plan=replace(proposed.limit_change.plan, before=ODD_POLICY))
    every_kind = tuple(sorted(SECOND_FACTORS - {MethodKind.EXTERNAL}))
    cases |= {
        "rare-evidence": replace(waiting, evidence=RARE, look_failed=UnknownReason.UNREACHABLE),
        "rare-risk": replace(waiting, evidence=replace(RARE, risk=Risk(level=RiskLevel.HIDDEN))),
        "rare-proof": replace(
            waiting, proofs=replace(waiting.proofs, password=PasswordProof(not_checked=UnknownReason.START_UNKNOWN))
        ),
        "rare-methods": replace(
            waiting,
            proofs=replace(waiting.proofs, mfa=MfaProof(finding=MfaFinding.REGISTERED_UNDATED, kinds=every_kind)),
        ),
        "external-method": replace(
            waiting,
            proofs=replace(waiting.proofs, mfa=MfaProof(finding=MfaFinding.NEW, kinds=(MethodKind.EXTERNAL,))),
        ),
        "audit-search": replace(waiting, audit_search=AuditSearch(wanted_at=NOW, id="s", begun_at=NOW, is_read=True)),
        "rare-policy": replace(proposed, limit_change=replace(odd, keep_for=30 * DAY)),
    }
    gone = {name: case for name, case in cases.items() if name in FORGOTTEN or case.status.is_ended}
    return {**cases, **{f"forgotten-{name}": forgotten(case) for name, case in gone.items()}}


async def freeze(cases: Mapping[str, Case], file: Path) -> None:
    """Writes the body of each case as the store writes it, one a line."""
    with TemporaryDirectory() as folder:
        async with open_database(sqlite_url(Path(folder))) as database:
            bodies = [f"{json.dumps(name)}: {await _stored(database, case)}" for name, case in cases.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["{", ",\n".join(bodies), "}", ""]), encoding="utf-8")


async def _stored(database: Database, case: Case) -> str:
    """Returns the stored text of the body, and deletes the row to make room for the next case."""
    fresh = replace(case, number=UNNUMBERED, version=0)
    saved = await SqlCaseStore(database).save(created_by_person(fresh, NOW), {})
    async with database.writing() as connection:
        mine = {"number": saved.number}
        body = (await connection.execute(text("select body from cases where number = :number"), mine)).scalar_one()
        await connection.execute(text("update cases set status = 'over' where number = :number"), mine)
    return str(body)


if __name__ == "__main__":
    asyncio.run(freeze(features(), STORED / f"v{SCHEMA}.json"))
