"""A refusal in words, and where its clicker sees it."""

from dataclasses import replace

from cards.approver import buttons, containment, still_open, stop, trouble_card
from cards.asked_again import Fields
from cards.elements import Inputs, WrongField
from cards.facts import worse_sentences
from cards.person import person_card
from cards.text import hour
from cards.view import AskedAgain, View
from services.domain.case.transition import Refusal, Refused
from services.domain.case.user_text import TEXT_AT_MOST

_FIELDS: Fields = {
    **buttons.FIELDS,
    **containment.FIELDS,
    **person_card.FIELDS,
    **still_open.FIELDS,
    **stop.FIELDS,
    **trouble_card.FIELDS,
}


def refusal_sentence(refused: Refused, view: View) -> str:
    """One sentence: what was not done, and that nothing was changed."""
    name = f"refusal.{refused.refusal.name.lower()}"
    if refused.worse:
        return " ".join([view.words(name), *worse_sentences(refused.worse, view)])
    return view.words(name, when=hour(refused.until)) if refused.until else view.words(name)


def refused_view(refused: Refused, verb: str, inputs: Inputs, view: View) -> View:
    """The view of whoever pressed the button: the refusal beside the field that it speaks of, in the form as they sent
    it. A refusal that speaks of none is a notice, and so it is where the form is gone."""
    sentence = refusal_sentence(refused, view)
    field = _field_of(refused, verb, inputs)
    if not field:
        return replace(view, notice=sentence)
    wrong = view.words(refused.wrong) if isinstance(refused, WrongField) and refused.wrong else sentence
    asked = AskedAgain(verb=verb, typed=inputs, field=field, wrong=wrong, also=_also(refused, verb, view))
    return replace(view, notice=sentence, asked_again=asked)


def _also(refused: Refused, verb: str, view: View) -> dict[str, str]:
    """What is wrong with further fields, by their names."""
    own = _FIELDS.get(verb, {})
    others = refused.others if isinstance(refused, WrongField) else {}
    named = {**others, **{own[one]: one for one in refused.also if one in own}}
    return {field: view.words(f"refusal.{one.name.lower()}") for field, one in named.items()}


def _field_of(refused: Refused, verb: str, inputs: Inputs) -> str:
    if isinstance(refused, WrongField):
        return refused.field
    if refused.refusal is Refusal.TOO_LONG:
        return next((name for name, text in inputs.items() if len(text.strip()) > TEXT_AT_MOST), "")
    return _FIELDS.get(verb, {}).get(refused.refusal, "")
