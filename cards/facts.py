"""In what the facts got worse, in words."""

from collections.abc import Iterable

from cards.view import View
from services.domain.case.facts import Worse


def worse_sentences(worse: Iterable[Worse], view: View) -> list[str]:
    """A whole sentence for each."""
    return [view.words(f"worse.{one.name.lower()}") for one in worse]
