"""Containment on the approvers' card: what would be done, exactly; what came of it; what can be put back."""

from collections.abc import Mapping

from adaptivecards.baseobject import BareObject

from cards.approver.contain_results import AS_WANTED, FACTS, PLAN, coming_back, result_line, said_yes
from cards.approver.plan_lines import STEP_NAMES, plan_line, plan_lines, step_sentences
from cards.approver.still_open import is_not_contained, standing_lines
from cards.asked_again import Fields
from cards.elements import (
    Inputs,
    actions,
    box,
    choice,
    choice_input,
    execute,
    form,
    is_ticked,
    line,
    named_number,
    quiet_execute,
    read_number,
    run,
)
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.transition import Refusal
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.containment.commands import ContainmentCancelled, ContainmentConfirmed, PutBackRequested
from services.domain.containment.containment import (
    Containment,
    ContainmentStep,
    in_order,
)
from services.domain.containment.transitions import account_in, contained_account, forwards_to, rules_to_switch_off
from services.domain.people import PersonId, TeamsUser
from services.domain.proofs.securing import PasswordFinding
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST

STEP_WORDS = {word: step for step, word in STEP_NAMES.items()}
"""A step as the form names it and as a responder types it."""
_RULE = "rule:"
"""Before an inbox rule's id in the form: each rule has a tick of its own."""
_RULES_OFFERED = 6
_ACCOUNT = "account"


FIELDS: Fields = {
    "contain": {
        Refusal.NO_STEP_CHOSEN: STEP_NAMES[ContainmentStep.REVOKE_SESSIONS],
        Refusal.ACCOUNT_NEEDED: _ACCOUNT,
        Refusal.ANOTHER_ACCOUNT: _ACCOUNT,
    }
}


def contain_form(case: Case, view: View) -> list[BareObject]:
    """The button with its form, where responders may contain and nothing is planned or under way."""
    planned = case.containment is not None and case.containment.is_open
    is_somebodys = bool(case.sender.person) and not case.sender.connector_id
    may = view.contains and is_somebodys and allows(case.status, Actor.RESPONDER, Verb.CONTAIN)
    if not may or planned:
        return []
    words = view.words
    ticks = [choice(STEP_NAMES[step], words(f"contain.{STEP_NAMES[step]}")) for step in _for_every_account()]
    rules = [
        choice(f"{_RULE}{rule.id}", words("contain.rule", name=user_text(rule.name, 60)))
        for rule in rules_to_switch_off(case)[:_RULES_OFFERED]
    ]
    lost = [line(run(words("contain.rules_lost"), subtle=True), spacing="Small")] if rules else []
    target = forwards_to(case)
    forwarding = (
        [choice(STEP_NAMES[ContainmentStep.FORWARDING_OFF], words("contain.forwarding", to=user_text(target, 120)))]
        if target
        else []
    )
    disable = choice(STEP_NAMES[ContainmentStep.DISABLE], words("contain.disable"))
    whose, on_premises = _whose(case, view), _on_premises(case, view)
    fields = [line(words("contain.lead")), *whose, *ticks, *rules, *lost, *forwarding, disable, *on_premises]
    style = "positive" if wants_containment(case) else None
    submit = execute(words("button.contain_next"), "contain", case.number, style=style)
    return [form(words("button.contain"), fields, submit, style=style)]


def wants_containment(case: Case) -> bool:
    """Whether containing is the obvious thing to do, and not approving: the account looks stolen."""
    return case.needs_two or case.alarms_keep_coming


def _whose(case: Case, view: View) -> list[BareObject]:
    """Which of the accounts that can send from the mailbox is meant, where there are several."""
    accounts, words = case.sender.accounts[:HOLDERS_AT_MOST], view.words
    if case.sender.mailbox is None or len(accounts) < 2:
        return []
    meant = account_in(case, None)
    rows = {str(one.person): f"{user_text(one.name, 80)} ({user_text(one.upn, 120)})" for one in accounts}
    label, error = words("contain.whose"), words("refusal.account_needed")
    return [choice_input(_ACCOUNT, label, rows, error=error, value=meant.person if meant else None)]


def read_account(inputs: Inputs) -> PersonId | None:
    """The account that was chosen; `None` where the form asks for none."""
    return PersonId(inputs[_ACCOUNT]) if inputs.get(_ACCOUNT) else None


def read_containment(inputs: Inputs) -> tuple[frozenset[ContainmentStep], frozenset[str]]:
    """The steps that were ticked, and the ids of the inbox rules."""
    named = (name.removeprefix(_RULE) for name in inputs if name.startswith(_RULE))
    rules = frozenset(rule for rule in named if is_ticked(inputs, _RULE + rule))
    steps = frozenset(step for word, step in STEP_WORDS.items() if is_ticked(inputs, word))
    return (steps | {ContainmentStep.RULES_OFF} if rules else steps), rules


def read_confirmation(by: TeamsUser, inputs: Inputs) -> ContainmentConfirmed:
    """What the button says that confirms the list."""
    return ContainmentConfirmed(by=by, plan=read_number(inputs, PLAN))


def read_cancelling(by: TeamsUser, inputs: Inputs) -> ContainmentCancelled:
    """What the button says that cancels the list."""
    return ContainmentCancelled(by=by, plan=read_number(inputs, PLAN))


def read_putting_back(by: TeamsUser, step: ContainmentStep, inputs: Inputs) -> PutBackRequested:
    """What the button says that wants a step put back."""
    return PutBackRequested(by=by, step=step, plan=read_number(inputs, PLAN), facts=read_number(inputs, FACTS))


def _for_every_account() -> tuple[ContainmentStep, ...]:
    return (ContainmentStep.REVOKE_SESSIONS, ContainmentStep.NEW_PASSWORD)


def _on_premises(case: Case, view: View) -> list[BareObject]:
    if case.proofs.password.finding is not PasswordFinding.ON_PREMISES:
        return []
    return [line(run(view.words("contain.on_premises"), color="Warning"), spacing="Small")]


def containment_lines(case: Case, view: View) -> list[BareObject]:
    """The list to be confirmed; else how it stands, what failed, and what is to be done about it."""
    containment = case.containment
    if containment is None or not (containment.steps or containment.results):
        return []
    if containment.confirmed is None and containment.steps:
        return [box(_to_confirm(case, containment, view), style="warning", spacing="Medium")]
    done = line(run(f"🛑 {view.words(_title(case, containment), **said_yes(containment, view))}", bold=True))
    # What is not contained any more does not begin with who contained it.
    lines = [*([] if is_not_contained(case) else [done]), *_named(case, view)]
    lines += [result_line(one, containment, view) for one in containment.results if one.outcome not in AS_WANTED]
    lines += _next_step(containment, view)
    if containment.holds(ContainmentStep.DISABLE) and contained_account(case).person == case.sender.account.person:
        # The business number may ring in Teams, which does not ring any more.
        number = case.sender.phone or case.sender.business_phone
        phone = user_text(number, 60) if number else view.words("directory.no_phone")
        lines.append(line(run(f"☎ {view.words('contain.call', phone=phone)}", bold=True)))
    lines += standing_lines(case, view, lambda steps, rules: _again(case, steps, rules, view))
    return [box([*lines, *coming_back(case, containment, view)], style="emphasis", spacing="Medium")]


def _title(case: Case, containment: Containment) -> str:
    """“Contained” is said once that was read, and no longer than it is so: that the steps were taken is less."""
    if containment.is_under_way:
        return "contain.running"
    return "contain.taken" if case.still_open else "contain.done"


def _again(
    case: Case, steps: frozenset[ContainmentStep], rules: frozenset[str], view: View
) -> tuple[BareObject, Mapping[str, str]]:
    """The next plan, and the same ticks that the form would send."""
    named = [rule for rule in rules_to_switch_off(case) if rule.id in rules]
    plan = plan_line(steps, [rule.name for rule in named], forwards_to(case), view)
    ticked = {STEP_NAMES[step]: "true" for step in in_order(steps) if step is not ContainmentStep.RULES_OFF}
    return plan, {**ticked, **{f"{_RULE}{rule.id}": "true" for rule in named}}


def _named(case: Case, view: View) -> list[BareObject]:
    """Whose account it is, where the mailbox does not say it."""
    if case.sender.mailbox is None:
        return []
    account = contained_account(case)
    said = view.words("contain.account", name=user_text(account.name, 80), upn=user_text(account.upn, 120))
    return [line(run(said, bold=True), spacing="Small")]


def _to_confirm(case: Case, containment: Containment, view: View) -> list[BareObject]:
    words = view.words
    wanted = words(
        "contain.wanted", name=user_text(containment.requested.name, 80), when=view.brief(containment.requested.at)
    )
    lines = [line(run(f"🛑 {wanted}", bold=True)), *_named(case, view)]
    lines += plan_lines(containment, view)
    if containment.privileged:
        needed = words("contain.two_unsure" if containment.unsure else "contain.two")
        lines.append(line(run(f"👥 {needed}", bold=True, color="Attention")))
    shown = named_number(PLAN, containment.number)
    yes = words("button.contain_confirm")
    buttons = [
        quiet_execute(yes, "contain_confirm", case.number, style="destructive", shown=shown),
        quiet_execute(words("button.contain_cancel"), "contain_cancel", case.number, shown=shown),
    ]
    return [*lines, actions(*buttons)]


def _next_step(containment: Containment, view: View) -> list[BareObject]:
    if (step := containment.next_step) is None:
        return []
    rules = [rule.name for rule in containment.rules]
    said = ", ".join(step_sentences(step, rules, containment.forwards_to, view))
    return [line(run("… ", bold=True), said, spacing="Small")]
