"""The code for a telephone call, in the form of an approval: where to get it, and whether the person wrote it."""

from collections.abc import Mapping

from adaptivecards.baseobject import BareObject

from cards.elements import actions, line, quiet_execute, run
from cards.text import hour, user_text
from cards.view import View
from services.domain.case.call_codes import CODE_LASTS, CallCode
from services.domain.case.case import Case

CALL_CODE = "call_code"
"""The verb of the button."""


def call_code_fields(case: Case, view: View) -> list[BareObject]:
    """Nothing where no code is asked for. The code itself stands on no card but the answer to its own approver."""
    if not view.timing.call_code or case.sender.connector_id:
        return []
    button = quiet_execute(view.words("button.call_code"), CALL_CODE, case.number)
    told = [line(view.words("call.needed")), line(run(view.words("call.which_number"), bold=True), spacing="Small")]
    return [*told, *_states(case, view), actions(button)]


def _states(case: Case, view: View) -> list[BareObject]:
    said = [said for code in case.call_codes if (said := _state(code, view))]
    return [line(run(f"🔑 {one}", bold=True), spacing="Small") for one in said]


def _state(code: CallCode, view: View) -> str:
    name = user_text(code.name, 80)
    if code.told_at is not None and code.holds(view.now):
        return view.words("call.told", name=name, when=hour(code.told_at))
    if code.waits(view.now):
        return view.words("call.waits", name=name, when=hour(code.made_at + CODE_LASTS))
    return ""


def code_notice(case: Case, code: str, view: View) -> str:
    """The code, for the one who asked for it."""
    until: Mapping[str, object] = {"when": hour(view.now + CODE_LASTS)}
    return view.words("call.tell", name=user_text(case.sender.account.name, 80), code=f"{code[:3]} {code[3:]}", **until)
