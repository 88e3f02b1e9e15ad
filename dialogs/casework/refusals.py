"""A refusal in words."""

from cards.facts import worse_sentences
from cards.text import hour
from cards.view import View
from services.domain.case.transition import Refused


def refusal_sentence(refused: Refused, view: View) -> str:
    """One sentence: what was not done, and that nothing was changed."""
    name = f"refusal.{refused.refusal.name.lower()}"
    if refused.worse:
        return " ".join([view.words(name), *worse_sentences(refused.worse, view)])
    return view.words(name, when=hour(refused.until)) if refused.until else view.words(name)
