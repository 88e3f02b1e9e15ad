"""Other sending limits on the approvers' card: the form, the table of before and after, and what came of it."""

from collections.abc import Mapping

from adaptivecards.baseobject import BareObject

from cards.elements import (
    Reader,
    actions,
    box,
    columns,
    line,
    link,
    named_number,
    quiet_execute,
    read_number,
    run,
    unfold,
)
from cards.facts import facts_number, read_facts_number, worse_sentences
from cards.missing_roles import needs_cmdlet
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.commands import LimitsApproved, LimitsDismissed, LimitsRevertRequested
from services.domain.limits.outbound_policy import SendingLimits
from services.domain.limits.policy_plan import Conflict, Obstacle, Plan, Strategy
from services.domain.limits.policy_table import Row, Setting, rows_of
from services.domain.limits.sending_limits import STANDARD, STRICT, NoHelp

_STRATEGIES = {Strategy.OWN_LIMITS: "own", Strategy.PUBLISHED_RECIPE: "recipe"}
_NUMBERS = (Setting.EXTERNAL_PER_HOUR, Setting.INTERNAL_PER_HOUR, Setting.PER_DAY)
_NAMES_SHOWN = 6
_PLAN = "plan"


def limits_lines(case: Case, view: View) -> list[BareObject]:
    """The proposal or its outcome, in a box of its own; nothing where nobody wanted any. What would change, row by row,
    unfolds together with the buttons that apply it."""
    change = case.limit_change
    if change is None or change.stage is Stage.DISMISSED:
        return []
    lines = [_head(change, view), *_trouble(change, view)]
    if change.stage is Stage.APPROVED and case.is_evidence_pending:
        lines.append(line(run(f"… {view.words('limits.gathers')}", subtle=True), spacing="Small"))
    if change.stage is Stage.NO_HELP:
        lines += _no_help(change, view)
    if change.stage is Stage.PROPOSED and change.plan:
        lines += _who_next(change, view)
    policies = link(view.words("button.anti_spam"), view.links.anti_spam)
    shown = _shown_change(case, change, view)
    buttons = [unfold(view.words("button.limits_show"), shown), policies] if shown else [policies]
    return [box([*lines, actions(*buttons)], style="emphasis", spacing="Medium")]


def _shown_change(case: Case, change: LimitChange, view: View) -> list[BareObject]:
    """What changes, what speaks against it, and the buttons and the words that apply it or take it back."""
    lines = _table(change.plan, view) if change.plan and change.stage is not Stage.NO_HELP else []
    if change.group and change.stage in (Stage.APPROVED, Stage.APPLIED):
        lines.append(line(view.words("limits.does.group", group=user_text(change.group, 120)), spacing="Small"))
    if change.stage is Stage.PROPOSED and change.plan:
        lines += _warnings(change, change.plan, view)
    if change.stage in (Stage.PROPOSED, Stage.APPLIED):
        said = "limits.typed_yes" if change.stage is Stage.PROPOSED else "limits.typed_back"
        typed = view.words(said, number=str(case.number), plan=str(change.plan_number))
        lines.append(line(run(typed, subtle=True), spacing="Small"))
    buttons = _buttons(case, change, view)
    return [*lines, *([actions(*buttons)] if buttons else [])]


def _head(change: LimitChange, view: View) -> BareObject:
    words = view.words
    mark = {
        Stage.APPLIED: change.approved,
        Stage.REVERTING: change.reverted_by,
        Stage.REVERTED: change.reverted_by,
    }.get(change.stage)
    mark = mark or change.requested
    if mark is None and change.stage is Stage.PROPOSED:
        return line(run(f"📏 {words('limits.stage.proposed_itself')}", bold=True))
    who: dict[str, object] = {"name": user_text(mark.name, 80), "when": view.brief(mark.at)} if mark else {}
    stage = "no_plan" if _is_not_planned(change) else change.stage.name.lower()
    return line(run(f"📏 {words(f'limits.stage.{stage}', **who)}", bold=True))


def _is_not_planned(change: LimitChange) -> bool:
    """Nobody could say what would help: a harder sentence would be wrong of a mistyped group or an unknown reason."""
    return change.stage is Stage.NO_HELP and (change.no_help is None or change.no_help is NoHelp.REASON_UNKNOWN)


def _trouble(change: LimitChange, view: View) -> list[BareObject]:
    words, lines = view.words, []
    if change.by_sole_approver and change.stage is Stage.APPLIED:
        lines.append(line(run(f"👤 {words('limits.alone')}", color="Warning"), spacing="Small"))
    if change.planned_again:
        anew = "limits.anew" if change.stage is Stage.APPLIED else "limits.anew_two"
        lines.append(line(run(f"⚠️ {words(anew)}", color="Warning"), spacing="Small"))
    if change.held_back and change.stage is Stage.PROPOSED:
        held = " ".join([words("limits.held_back"), *worse_sentences(change.held_back, view)])
        lines.append(line(run(f"⚠️ {held}", color="Attention"), spacing="Small"))
    if change.error:
        lines.append(
            line(run(words("limits.error", error=user_text(change.error, 300)), color="Attention"), spacing="Small")
        )
    if change.left_behind:
        lines.append(line(run(words("limits.left_behind", names=_names(change.left_behind)), color="Attention")))
    if change.differs:
        lines.append(line(words("limits.differs", names=_names(change.differs)), spacing="Small"))
    if change.ends_at and change.stage is Stage.APPLIED:
        said = words("limits.ended" if change.has_ended else "limits.ends", when=view.brief(change.ends_at))
        lines.append(line(run(said, bold=change.has_ended), spacing="Small"))
    if change.stage is Stage.APPLIED:
        lines.append(line(words("limits.does_not_release"), spacing="Small"))
    return lines


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(user_text(name, 80) for name in names[:_NAMES_SHOWN])
    return f"{shown} (+{len(names) - _NAMES_SHOWN})" if len(names) > _NAMES_SHOWN else shown


def _table(plan: Plan, view: View) -> list[BareObject]:
    """Before and after, row by row; what stays is named as well, since a new policy replaces every setting."""
    words, rows = view.words, rows_of(plan)
    heads = [run(words(f"limits.{name}"), subtle=True) for name in ("setting", "before", "after")]
    stays = [f"{_label(row, view)} {_shown(row, row.after, view)}" for row in rows if not row.changes]
    limits = plan.after.limits
    zero = 0 in (limits.external_per_hour, limits.internal_per_hour, limits.per_day)
    presets = words("limits.presets", standard=_three(STANDARD, view), strict=_three(STRICT, view))
    return [
        columns(*([line(head)] for head in heads)),
        *(_row(row, view) for row in rows if row.changes),
        line(run(words("limits.stays", settings="; ".join(stays)), subtle=True), spacing="Small"),
        *([line(run(words("limits.zero"), subtle=True), spacing="Small")] if zero else []),
        line(run(presets, subtle=True), spacing="Small"),
    ]


def _row(row: Row, view: View) -> BareObject:
    before, after = _shown(row, row.before, view), _shown(row, row.after, view)
    return columns([line(_label(row, view))], [line(before)], [line(run(after, bold=True))])


def _label(row: Row, view: View) -> str:
    return view.words(f"limits.row.{row.setting.name.lower()}")


def _shown(row: Row, value: str, view: View) -> str:
    words = view.words
    if row.setting in _NUMBERS:
        return words("limits.service_default") if value == "0" else words("limits.number", number=int(value))
    if row.setting in (Setting.ACTION, Setting.FORWARDING):
        return words(f"limits.value.{value}")
    return user_text(value, 60) or words("time.none")


def _three(limits: SendingLimits, view: View) -> str:
    numbers = (limits.external_per_hour, limits.internal_per_hour, limits.per_day)
    return " / ".join(view.words("limits.number", number=number) for number in numbers)


def _warnings(change: LimitChange, plan: Plan, view: View) -> list[BareObject]:
    words = view.words
    gains = [words(f"limits.gain.{gain.name.lower()}") for gain in plan.gains]
    conflicts = [_conflict(conflict, view) for conflict in plan.conflicts]
    does = "group" if change.group else _STRATEGIES[plan.strategy]
    said = [
        words(f"limits.does.{does}", group=user_text(change.group, 120)),
        *gains,
        *conflicts,
        words("limits.does_not_release"),
    ]
    return [line(f"• {text}", spacing="Small") for text in said]


def _conflict(conflict: Conflict, view: View) -> str:
    return view.words(f"limits.conflict.{conflict.kind.name.lower()}", names=_names(conflict.names))


def _who_next(change: LimitChange, view: View) -> list[BareObject]:
    said = "limits.first_needed" if change.requested is None else "limits.second_needed"
    return [line(run(f"👥 {view.words(said)}", bold=True), spacing="Small")]


def _no_help(change: LimitChange, view: View) -> list[BareObject]:
    words = view.words
    name = change.no_help.name.lower() if change.no_help else change.obstacle.name.lower() if change.obstacle else ""
    kind = "limits.no_help" if change.no_help else "limits.obstacle"
    why = line(words(f"{kind}.{name}"))
    alternatives = line(run(words("limits.alternatives"), subtle=True), spacing="Small")
    if change.obstacle is Obstacle.NO_ROLE:
        return [why, line(run(needs_cmdlet("Get-HostedOutboundSpamFilterPolicy", view), subtle=True), spacing="Small")]
    return [why, alternatives] if change.no_help else [why]


def _buttons(case: Case, change: LimitChange, view: View) -> list[BareObject]:
    words = view.words
    if change.stage is Stage.PROPOSED:
        title = words("button.limits_want" if change.requested is None else "button.limits_apply")
        return [
            quiet_execute(title, "limits_apply", case.number, style="positive", shown=_speaks_of(case, change)),
            quiet_execute(words("button.limits_dismiss"), "limits_dismiss", case.number),
        ]
    if change.stage is Stage.APPLIED:
        shown = named_number(_PLAN, change.plan_number)
        return [quiet_execute(words("button.limits_back"), "limits_back", case.number, shown=shown)]
    return []


def _speaks_of(case: Case, change: LimitChange) -> Mapping[str, str]:
    return {**named_number(_PLAN, change.plan_number), **facts_number(case)}


READERS: Mapping[str, Reader] = {
    "limits_apply": lambda by, inputs: LimitsApproved(
        by=by,
        plan=read_number(inputs, _PLAN),
        # A card that names no facts was drawn before they were noted.
        facts=read_facts_number(inputs) or 0,
    ),
    "limits_dismiss": lambda by, _: LimitsDismissed(by=by),
    "limits_back": lambda by, inputs: LimitsRevertRequested(by=by, plan=read_number(inputs, _PLAN)),
}
"""The buttons drawn here, by the verbs that their cards carry."""
