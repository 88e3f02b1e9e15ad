"""The facts that a card shows: their number for its buttons, and in what they got worse, in words."""

from collections.abc import Iterable, Mapping

from cards.elements import Inputs, named_number, read_number
from cards.text import moment, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.facts import Facts, ListedEntry, Worse

_ENTRIES_AT_MOST = 4

_NUMBER = "facts"


def facts_number(case: Case, shown: int | None = None) -> Mapping[str, str]:
    """The number of the facts that a card shows, for a button: the newest, where no others are named."""
    newest = case.facts[-1].number if case.facts else None
    number = newest if shown is None else shown
    return {} if number is None else named_number(_NUMBER, number)


def read_facts_number(inputs: Inputs) -> int | None:
    """The number of the facts that the card of this button showed."""
    return read_number(inputs, _NUMBER)


def unblocks_sentence(times: int, view: View) -> str:
    """How often we unblocked the sender before, and that there is a cap."""
    return view.words.count("past.releases", times) if times else view.words("past.never_released")


def worse_sentences(worse: Iterable[Worse], view: View) -> list[str]:
    """A whole sentence for each."""
    return [view.words(f"worse.{one.name.lower()}") for one in worse]


def made_on_sentence(facts: Facts, view: View) -> str:
    """What a decision was made on, in one line: each entry, and how many signs and conditions there were."""
    words = view.words
    entries = ", ".join(_entry(entry, view) for entry in facts.entries[:_ENTRIES_AT_MOST]) or words("made_on.nothing")
    return words("made_on.facts", entries=entries, alarms=len(facts.alarms), conditions=len(facts.conditions))


def _entry(entry: ListedEntry, view: View) -> str:
    cause, address = view.words(f"cause.{entry.cause.name.lower()}"), user_text(entry.address, 120)
    if entry.since is None:
        return view.words("made_on.entry_undated", address=address, cause=cause)
    return view.words("made_on.entry", address=address, cause=cause, when=moment(entry.since))
