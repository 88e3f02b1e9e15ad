"""Taking a request back: a button that asks once before it does."""

from adaptivecards.baseobject import BareObject

from cards.elements import form, line, quiet_execute
from cards.view import View
from services.domain.case.case import Case


def withdraw_form(case: Case, view: View) -> BareObject:
    """The button with its question. A slip of the thumb beside another button takes nothing back."""
    yes = quiet_execute(view.words("button.withdraw_yes"), "withdraw", case.number)
    return form(view.words("button.withdraw"), [line(view.words("person.really_withdraw"))], yes)
