"""The evidence on the approvers' card: a verdict with its reason, and behind one button what it was read from."""

from collections.abc import Mapping
from datetime import timedelta

from adaptivecards.baseobject import BareObject

from cards.approver.mailing_tools import tools_lines
from cards.approver.since_steps import steps_took_away
from cards.approver.timeline import timeline_lines
from cards.elements import Reader, actions, line, quiet_execute, run, unfold
from cards.fit import Part
from cards.missing_roles import LACKING, needs_cmdlet
from cards.text import hour, moment, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.commands.approver import EvidenceRequested
from services.domain.case.status import Status
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.evidence.findings import STRONG, EvidenceSource, Finding
from services.domain.evidence.report import EVIDENCE_OVER, Report, SentMail
from services.domain.evidence.verdict import Verdict
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST
from services.domain.unknown import Unknown, UnknownReason

_ICONS = {Verdict.STOLEN: ("🚨", "Attention"), Verdict.HONEST: ("📨", "Good"), Verdict.NOT_ENOUGH: ("🔍", None)}
_CMDLETS = {EvidenceSource.FORWARDING: "Get-Mailbox", EvidenceSource.RULES: "Get-InboxRule"}
_FINDINGS_SHOWN = 14
_DAY = timedelta(days=1)


def verdict_lines(case: Case, view: View) -> list[BareObject]:
    """What it looks like so far, and why, where the head line does not say it."""
    words = view.words
    if case.evidence is None and not case.looks_stolen:
        return []
    if case.is_undecided or case.status is Status.FAILED:
        return []
    judgement = case.judgement
    if judgement.verdict is Verdict.NOT_ENOUGH and case.decision is not None:
        return []  # nothing is to be decided on it any more
    icon, color = _ICONS[judgement.verdict]
    said = words(f"verdict.{judgement.verdict.name.lower()}")
    because = words(f"because.{judgement.reason.name.lower()}")
    return [line(run(f"{icon} {said}  ", bold=True, color=color), because)]


def evidence_fold(case: Case, view: View) -> list[BareObject]:
    """A button that unfolds every line, the timeline, and the way to ask again."""
    if case.evidence is None:
        return []
    may_ask = allows(case.status, Actor.APPROVER, Verb.GATHER)
    again = [actions(quiet_execute(view.words("button.gather"), "gather", case.number))] if may_ask else []
    return [unfold(view.words("button.evidence"), [*evidence_lines(case, case.evidence, view), *again])]


def evidence_lines(case: Case, report: Report, view: View) -> list[BareObject]:
    """Findings first, then what was not checked, then what is clean; then what happened hour by hour, and how
    much was sent day by day."""
    found = case.judgement.findings
    gathered = line(run(view.words("evidence.gathered", when=moment(report.gathered_at)), subtle=True))
    shown = [_finding(case, finding, report, view) for finding in found[:_FINDINGS_SHOWN]]
    left = len(found) - len(shown)
    more = [line(run(view.words("evidence.more_findings", number=left), bold=True))] if left else []
    drawn = view.room.fit(Part.TIMELINE, timeline_lines(case, report, view))
    sent = [*_by_the_day(report, view), *tools_lines(report, view)]
    return [*shown, *more, *_senders(case, report, view), *drawn, *sent, gathered]


def finding_sentence(case: Case, finding: Finding, view: View) -> str:
    """What was found, with where it was found, and what became of it."""
    if finding.found is None:
        raise AssertionError("only asked of what was found")
    found = view.words(f"evidence.found.{finding.found.name.lower()}", **_details(finding, view))
    if gone := steps_took_away(case, finding, view):
        found = f"{found} · {gone}"
    return view.words("evidence.one", source=_label(finding, view), found=found)


def not_checked_sentence(finding: Finding, view: View) -> str:
    """What was not checked, and why."""
    if finding.not_checked is None:
        raise AssertionError("only asked of what was not checked")
    why = view.words(f"why_not.{finding.not_checked.name.lower()}")
    return view.words("evidence.one_not_checked", source=_label(finding, view), why=why)


def _label(finding: Finding, view: View) -> str:
    whose = f" · {user_text(finding.account, 60)}" if finding.account else ""
    return view.words(f"evidence.line.{finding.source.name.lower()}") + whose


def _senders(case: Case, report: Report, view: View) -> list[BareObject]:
    """Who else can send from one's own mailbox; of another mailbox the card names them anyway."""
    senders = report.senders
    if case.sender.mailbox is not None or isinstance(senders, Unknown):
        return []
    others = senders.other_senders(case.sender.account.person)
    named = ", ".join(user_text(one.name, 60) for one in others[:HOLDERS_AT_MOST])
    if not named:
        return []
    more = f" (+{len(others) - HOLDERS_AT_MOST})" if len(others) > HOLDERS_AT_MOST else ""
    return [line(run(view.words("evidence.senders", names=f"{named}{more}"), subtle=True), spacing="Small")]


def _finding(case: Case, finding: Finding, report: Report, view: View) -> BareObject:
    words, topic, label = view.words, finding.source.name.lower(), _label(finding, view)
    if finding.found:
        return alarm_line(case, finding, view)
    if finding.not_checked:
        said = words("proof.not_checked", why=words(f"why_not.{finding.not_checked.name.lower()}"))
        helps = [run(sentence, subtle=True) for sentence in _what_helps(finding, report, view)]
        return line(run(f"? {label}  ", bold=True, color="Warning"), f"{said} ", *helps, spacing="Small")
    if finding.expected:
        return line(
            run(f"ⓘ {label}  ", bold=True), words("evidence.expected_place", **_details(finding, view)), spacing="Small"
        )
    clean = words(f"evidence.clean.{topic}", number=finding.number)
    return line(run(f"✔ {label}  ", bold=True, color="Good"), clean, spacing="Small")


def alarm_line(case: Case, finding: Finding, view: View, *, is_gone: bool = False) -> BareObject:
    """One alarm, what it was found in, and what became of it. `is_gone`: the latest look did not find it any more."""
    color = "Attention" if finding.found in STRONG else "Warning"
    label = _label(finding, view)
    found = finding.found.name.lower() if finding.found else ""
    said = view.words(f"evidence.found.{found}", **_details(finding, view))
    besides = [
        view.words("evidence.found_again") if finding.after_steps else "",
        view.words("evidence.found_earlier") if is_gone else "",
        steps_took_away(case, finding, view),
        view.words("evidence.expected_too") if finding.expected else "",
    ]
    said = " · ".join([said, *filter(None, besides)])
    return line(run(f"✖ {label}  ", bold=True, color=color), said, spacing="Small")


def _what_helps(finding: Finding, report: Report, view: View) -> list[str]:
    """What is missing, or that nothing need be done; empty where neither would be true."""
    mailing = finding.source is EvidenceSource.MAILING
    if finding.not_checked in LACKING:
        return [_needs(finding.source, view)]
    if mailing and finding.not_checked is UnknownReason.NOT_SET_UP:
        return [view.words("evidence.set_up.mailing")]
    return [view.words("evidence.asked_again")] if mailing and report.ask_again_at else []


def _needs(source: EvidenceSource, view: View) -> str:
    """The permission, role or licence that a source takes."""
    if cmdlet := _CMDLETS.get(source):
        return needs_cmdlet(cmdlet, view)
    return view.words(f"evidence.needs.{source.name.lower()}")


def _details(finding: Finding, view: View) -> dict[str, object]:
    named = [user_text(name, 80) for name in finding.names[:4]]
    return {
        "names": ", ".join(named) or "–",
        "rule": named[0] if named else "–",
        "targets": ", ".join(named[1:]) or "–",
        "number": finding.number,
        "when": view.brief(finding.at) if finding.at else view.words("time.unknown"),
    }


def _by_the_day(report: Report, view: View) -> list[BareObject]:
    """How much was sent of all that was read. No bars of text: a screen reader would spell each of them out."""
    sent, words = report.sent, view.words
    if isinstance(sent, Unknown) or not sent.hours:
        return []
    busiest = max(sent.hours, key=lambda one: one.recipients)
    peak, when = max(_by_day(sent, report)), hour(busiest.start)
    volume = words("evidence.volume", peak=peak, most=busiest.recipients, when=when, subjects=sent.subjects)
    lower = [] if sent.complete else [run(f" {words('evidence.lower_bound')}", subtle=True)]
    days = run(f"{words('evidence.chart', days=EVIDENCE_OVER.days)}  ", bold=True)
    return [line(days, volume, *lower, spacing="Small")]


def _by_day(sent: SentMail, report: Report) -> list[int]:
    """Recipients of each day of the window, the last one being the day of gathering."""
    last = report.gathered_at.date()
    days = [last - _DAY * back for back in range(EVIDENCE_OVER.days - 1, -1, -1)]
    return [sum(one.recipients for one in sent.hours if one.start.date() == day) for day in days]


READERS: Mapping[str, Reader] = {"gather": lambda by, _: EvidenceRequested(by=by)}
"""The button drawn here, by the verb that its card carries."""
