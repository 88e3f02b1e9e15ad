"""What the evidence shows of an account after the steps of its containment, though somebody answered for it before:
after the steps it is something new."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from services.domain.containment.containment import Containment, ContainmentStep
from services.domain.evidence.findings import Finding, Found
from services.domain.evidence.report import Change, Report
from services.domain.evidence.sign_ins import guessed
from services.domain.unknown import Unknown

_CHANGES = {Found.APP_CONSENTED: Change.APP_CONSENTED, Found.NUMBER_CHANGED: Change.NUMBER_CHANGED}


def found_again(containment: Containment, report: Report | None, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each of these findings of the contained account that is dated after the last step, or was switched off by a step
    and is there again. Failed sign-ins are none: they show that the steps work."""
    ended_at = containment.steps_ended_at
    if report is None or ended_at is None or report.read_from <= ended_at:
        return
    for finding in findings:
        if finding.found is None or finding.account:
            continue
        if at := _dated(finding, report, ended_at.replace(microsecond=0)):
            yield replace(finding, at=at, after_steps=ended_at)
        elif was_switched_off(finding, containment):
            yield replace(finding, after_steps=ended_at)


def _dated(finding: Finding, report: Report, since: datetime) -> datetime | None:
    """When it first happened since then; `None` if it did not, or carries no date. The logs may show whole seconds
    only."""
    return min((at for at in _dates(finding, report) if at >= since), default=None)


def _dates(finding: Finding, report: Report) -> Iterator[datetime]:
    sign_ins = () if isinstance(report.sign_ins, Unknown) else report.sign_ins
    match finding.found:
        case Found.UNUSUAL_PLACE:
            yield from (one.at for one in sign_ins if one.succeeded and (str(one.place),) == finding.names)
        case Found.SIGNED_IN_AFTER_FAILURES:
            yield from (success.at for success, _ in guessed(sign_ins))
        case Found.HIGH_RISK | Found.SOME_RISK:
            yield from () if isinstance(report.risk, Unknown) else (event.at for event in report.risk.events)
        case Found.APP_CONSENTED | Found.NUMBER_CHANGED:
            changes = () if isinstance(report.changes, Unknown) else report.changes
            for one in changes:
                names = tuple(name for name in (one.detail, one.by or "") if name)
                if one.what is _CHANGES[finding.found] and names == finding.names:
                    yield one.at
        case _:
            return


def was_switched_off(finding: Finding, containment: Containment) -> bool:
    """Whether a step took it away and nobody put it back."""
    if finding.found is Found.FORWARDED_OUTSIDE:
        return containment.holds(ContainmentStep.FORWARDING_OFF)
    if finding.found in (Found.RULE_SENDS_OUTSIDE, Found.RULE_HIDES):
        named = {rule.name for rule in containment.rules}
        return containment.holds(ContainmentStep.RULES_OFF) and finding.names[0] in named
    return False
