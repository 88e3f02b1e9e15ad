"""A sender's past, page by page: when they were restricted, who decided what and why."""

from collections.abc import Sequence

from adaptivecards.baseobject import BareObject

from cards.elements import Card15, heading, line, run, to_json
from cards.facts import unblocks_sentence
from cards.fit import bounded
from cards.status_head import status_icon
from cards.text import moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.history import SenderCount, listings_of, times_restricted
from services.domain.case.status import Status
from services.domain.evidence.report import Listing

HISTORY_A_PAGE = 20
_LISTINGS_SHOWN = 20


def history_card(
    address: str, cases: Sequence[Case], view: View, *, count: SenderCount | None = None, before: int | None = None
) -> Card:
    """A page of the cases of this sender, newest first. `count`: of all of them, or of those before the case whose
    number the page begins before."""
    words, whose = view.words, user_text(address, 120)
    count = count or SenderCount(cases=len(cases), unblocks=sum(case.unblock.done_at is not None for case in cases))
    rows = [_row(case, view) for case in cases[:HISTORY_A_PAGE]]
    earlier = _earlier(whose, cases[len(rows) - 1].number, count.cases - len(rows), view) if rows else []
    if before is None:
        title = words("history.title", address=whose)
        rows = [*_counts(cases, count, view), *rows, *earlier, *_logged(cases, view)]
    else:
        title = words("history.title_before", address=whose, number=str(before))
        rows = [*rows, *earlier]
    body = [heading(title), *(rows or [line(words("history.none"))])]
    return bounded(to_json(Card15(body=body, fallback=title, speak=title)))


def _counts(cases: Sequence[Case], count: SenderCount, view: View) -> list[BareObject]:
    if not cases:
        return []
    times = max(times_restricted(case, view.now) for case in cases)
    said = [view.words.count("past.times", times), unblocks_sentence(count.unblocks, view)]
    return [line(run(" ".join(said), bold=True))]


def _earlier(address: str, number: int, left: int, view: View) -> list[BareObject]:
    """How many more there are, and what to write for them."""
    if left <= 0:
        return []
    follows = view.words("history.next", address=address, number=str(number))
    return [
        line(run(view.words.count("fit.more", left), subtle=True)),
        line(run(follows, subtle=True), spacing="Small"),
    ]


def _row(case: Case, view: View) -> BareObject:
    view = view.about(case)
    words = view.words
    status = words(f"approver.status.{case.status.name.lower()}")
    head = run(f"{status_icon(case.status)} {case.number}  ", bold=True)
    cause = words(f"cause.{case.restriction.cause.name.lower() if case.restriction else 'none'}")
    decided = _decided(case, view)
    said = [words.time(moment(case.opened_at)), cause]
    # That a denial led to a denial is said once.
    said += [*([] if case.status is Status.DENIED and decided else [status]), *decided]
    return line(head, " · ".join(said), spacing="Small")


def _decided(case: Case, view: View) -> list[str]:
    decision = case.decision
    if decision is None:
        return []
    verdict = "approved" if decision.approved else "denied"
    said = view.words(f"decision.{verdict}", name=user_text(decision.name, 60), when=moment(decision.at))
    why = user_text(decision.internal or decision.reason, 160)
    return [f"{said} {view.words('history.why', words=why)}" if why else said]


def _logged(cases: Sequence[Case], view: View) -> list[BareObject]:
    """What the audit log told when evidence was last gathered."""
    listings: tuple[Listing, ...] = next((found for case in cases if (found := listings_of(case))), ())
    if not listings:
        return []
    words = view.words
    rows = [line(_listing(one, view), spacing="Small") for one in listings[:_LISTINGS_SHOWN]]
    return [line(run(words("history.by_log"), bold=True), spacing="Medium"), *rows]


def _listing(one: Listing, view: View) -> str:
    said = view.words("history.listed" if one.listed else "history.delisted")
    return f"{view.words.time(moment(one.at))} · {said}"
