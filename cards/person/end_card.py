"""How a case about a mailbox ended, for those beside the one who asked: that and no more. What was said and found is
not theirs to read."""

from cards.elements import Card15, line, run, to_json
from cards.fit import bounded
from cards.restriction import addresses_of
from cards.status_head import status_head, status_word
from cards.text import user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.involved import askers
from services.domain.people import PersonId


def end_card(case: Case, viewer: PersonId, view: View) -> Card:
    """For somebody who asked as well; or for the owner, who did not, with how to check that the message is real."""
    view = view.about(case)
    words, helpdesk = view.words, user_text(view.links.helpdesk or "", 200) or view.words("helpdesk.unnamed")
    if viewer in askers(case):
        said = [line(words("end.asked", addresses=addresses_of(case)))]
    else:
        real = line(run(words("person.unsolicited", helpdesk=helpdesk), subtle=True))
        said = [line(words("end.owner", addresses=addresses_of(case))), real]
    speak = words("person.speak", number=str(case.number), status=status_word(case, "approver", view))
    card = Card15(body=[status_head(case, "approver", view), *said], fallback=speak, speak=speak)
    return bounded(to_json(card))
