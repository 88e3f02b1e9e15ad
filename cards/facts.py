"""The facts that a card shows: their number for its buttons, and in what they got worse, in words."""

from collections.abc import Iterable, Mapping

from cards.elements import Inputs, named_number, read_number
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.facts import Worse

_NUMBER = "facts"


def facts_number(case: Case) -> Mapping[str, str]:
    """The number of the facts that a card shows, for a button."""
    return named_number(_NUMBER, case.facts[-1].number) if case.facts else {}


def read_facts_number(inputs: Inputs) -> int | None:
    """The number of the facts that the card of this button showed."""
    return read_number(inputs, _NUMBER)


def worse_sentences(worse: Iterable[Worse], view: View) -> list[str]:
    """A whole sentence for each."""
    return [view.words(f"worse.{one.name.lower()}") for one in worse]
