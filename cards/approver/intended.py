"""An approval that is being checked, and why one was not taken, on the approvers' card."""

from collections.abc import Mapping

from adaptivecards.baseobject import BareObject

from cards.elements import Reader, actions, box, line, quiet_execute, run
from cards.facts import worse_sentences
from cards.text import hour, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.commands.intention import IntentionTakenBack
from services.domain.case.intended import DroppedApproval


def intended_lines(case: Case, view: View) -> list[BareObject]:
    """What is being checked, with the button that takes it back; else why the last one was not taken; else nothing."""
    if case.intended is not None:
        facts = {"name": user_text(case.intended.name, 80), "when": hour(case.intended.at)}
        back = quiet_execute(view.words("button.take_back"), "take_back", case.number)
        waits = "intended.waits" if case.is_evidence_pending else "intended.reads"
        said = line(run(f"🔄 {view.words('intended.checking', **facts)}", bold=True))
        return [box([said, line(view.words(waits), spacing="Small"), actions(back)], style="accent")]
    if case.dropped is not None:
        return [line(run(f"⚠️ {dropped_sentence(case.dropped, view)}", bold=True, color="Attention"))]
    return []


def dropped_sentence(dropped: DroppedApproval, view: View) -> str:
    """Whose approval was not taken, and why."""
    facts = {"name": user_text(dropped.intended.name, 80), "when": view.brief(dropped.intended.at)}
    why = view.words(f"refusal.{dropped.why}")
    return " ".join([view.words("intended.dropped", **facts), why, *worse_sentences(dropped.worse, view)])


READERS: Mapping[str, Reader] = {"take_back": lambda by, _: IntentionTakenBack(by=by)}
"""The button drawn here, by the verb that its card carries."""
