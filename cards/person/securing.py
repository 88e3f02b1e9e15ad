"""The securing steps on the person's card: one at a time, each with what the directory said of the one before."""

from adaptivecards.baseobject import BareObject

from cards.elements import (
    Inputs,
    WrongField,
    date_input,
    execute,
    form,
    heading,
    line,
    link,
    quiet_execute,
    run,
    text_input,
)
from cards.proofs import directory_line, mailing_sentence, mfa_sentence, password_on_own_card
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case, SecuringStep
from services.domain.case.transition import Refusal
from services.domain.case.user_text import TEXT_AT_MOST, checked_text
from services.domain.evidence.findings import said_recipients
from services.domain.proofs.securing import Mailing, MfaFinding, PasswordFinding, Says, SentMailing

Section = tuple[list[BareObject], list[BareObject]]
_KEPT_ELSEWHERE = {
    PasswordFinding.ON_PREMISES: "step.password.on_premises",
    PasswordFinding.FEDERATED: "step.password.federated",
}
_LAST_ANSWERED = (SecuringStep.PASSWORD, SecuringStep.MFA, SecuringStep.MAILING)


def password_step(case: Case, view: View) -> Section:
    """Step 1: a new password, by the organisation's own page."""
    words = view.words
    body = [_title("password", 1, view), line(words("step.password.why"))]
    elsewhere = case.proofs.password.finding in _KEPT_ELSEWHERE
    if elsewhere:
        body.append(line(_helpdesk(_KEPT_ELSEWHERE[case.proofs.password.finding], view)))
    elif case.sender.self_service_reset is False:
        body.append(line(_helpdesk("step.password.no_self_service", view)))
    if case.proofs.password.says is Says.DONE:
        body += [
            *_said_of_password(case, view),
            line(words("step.password.again", button=words("button.password_done"))),
        ]
    page = [] if elsewhere else [link(words("button.open_reset"), view.links.password_reset)]
    return body, [
        *page,
        quiet_execute(words("button.password_done"), "password_done", case.number, style="positive"),
        quiet_execute(words("button.cannot"), "password_cannot", case.number),
    ]


def mfa_step(case: Case, view: View) -> Section:
    """Step 2: a second factor."""
    words = view.words
    body = [_title("mfa", 2, view), *_said_of_password(case, view)]
    if case.proofs.password.says is Says.CANNOT:
        body.append(line(_helpdesk("step.password.cannot", view)))
    if case.proofs.mfa.says is Says.DONE:
        body.append(directory_line(words("topic.mfa"), case.proofs.mfa.finding, mfa_sentence(case.proofs.mfa, view)))
    unchecked = case.proofs.password.says is Says.DONE and case.proofs.password.finding is PasswordFinding.NOT_CHECKED
    recheck = [quiet_execute(words("button.check_again"), "password_done", case.number)] if unchecked else []
    return [*body, line(words("step.mfa.why"))], [
        link(words("button.open_security_info"), view.links.security_info),
        quiet_execute(words("button.mfa_done"), "mfa_done", case.number, style="positive"),
        quiet_execute(words("button.no_device"), "mfa_cannot", case.number),
        *recheck,
    ]


_RECIPIENTS, _TO_WHOM, _HOW_OFTEN, _UNTIL = "recipients", "to_whom", "how_often", "until"
_NOTE = "note"
"""The names of the fields: a card that was posted long ago sends them too."""


def read_mailing(inputs: Inputs) -> Mailing:
    """What the mailing form says.

    Raises:
        Refused: an answer is too long. `WrongField`: it says nothing of how many, or nothing with a number in it, which
            could not be compared with what was sent.
    """
    said = Mailing(
        sent=SentMailing.YES,
        recipients=checked_text(inputs.get(_RECIPIENTS, "")),
        to_whom=checked_text(inputs.get(_TO_WHOM, "")),
        how_often=checked_text(inputs.get(_HOW_OFTEN, "")),
        until=checked_text(inputs.get(_UNTIL, "")),
    )
    if not said_recipients(said):
        raise WrongField(Refusal.ANSWER_NOT_UNDERSTOOD, field=_RECIPIENTS, wrong="input.recipients.no_number")
    return said


def read_note(inputs: Inputs) -> str:
    """The note beside the request."""
    return inputs.get(_NOTE, "")


def mailing_step(case: Case, view: View) -> Section:
    """Step 3: was it an honest mailing?"""
    words = view.words
    body = [_title("mailing", 3, view), *_said_of_password(case, view), *_said_of_mfa(case, view)]
    submit = execute(words("button.save_mailing"), "mailing_yes", case.number, style="positive")
    fields = [
        line(words("step.mailing.groups")),
        text_input(
            _RECIPIENTS, words("input.recipients"), error=words("input.recipients.missing"), most=80, digits=True
        ),
        text_input(_TO_WHOM, words("input.to_whom"), most=200),
        text_input(_HOW_OFTEN, words("input.how_often"), most=120),
        date_input(_UNTIL, words("input.until")),
    ]
    return [*body, line(words("step.mailing.why"))], [
        form(words("button.yes"), fields, submit),
        quiet_execute(words("button.no"), "mailing_no", case.number),
        quiet_execute(words("button.unsure"), "mailing_unsure", case.number),
    ]


def send_step(case: Case, view: View) -> Section:
    """The summary, an optional note, and the request."""
    words = view.words
    body = [
        heading(words("step.send.title"), size="Medium"),
        *_said_of_password(case, view),
        *_said_of_mfa(case, view),
        line(
            run(f"{words('topic.mailing')} ", bold=True), mailing_sentence(case.proofs.mailing, view), spacing="Small"
        ),
    ]
    note = text_input(_NOTE, words("input.note"), most=TEXT_AT_MOST, multiline=True)
    return [*body, note], [execute(words("button.send"), "send", case.number, style="positive")]


def _title(step: str, number: int, view: View) -> BareObject:
    words = view.words
    return heading(words("step.title", n=number, of=len(_LAST_ANSWERED), what=words(f"topic.{step}")), size="Medium")


def _said_of_password(case: Case, view: View) -> list[BareObject]:
    return password_on_own_card(case.proofs.password, view)


def _said_of_mfa(case: Case, view: View) -> list[BareObject]:
    lines = [directory_line(view.words("topic.mfa"), case.proofs.mfa.finding, mfa_sentence(case.proofs.mfa, view))]
    if case.proofs.mfa.says is Says.CANNOT:
        lines.append(line(_helpdesk("step.mfa.cannot", view)))
    elif case.proofs.mfa.finding is MfaFinding.NEW:
        lines.append(line(view.words("step.mfa.confirm")))
    return lines


def _helpdesk(name: str, view: View) -> str:
    contact = user_text(view.links.helpdesk, 200) if view.links.helpdesk else view.words("helpdesk.unnamed")
    return view.words(name, helpdesk=contact)
