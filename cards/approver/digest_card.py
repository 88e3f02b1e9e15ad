"""One card for many cases at once: what they have in common first, then a line for each."""

from collections import Counter
from collections.abc import Sequence

from adaptivecards.baseobject import BareObject

from cards.elements import Card15, box, choice_input, execute, form, heading, line, link, run, to_json
from cards.fit import ROWS_AT_MOST, rows_within
from cards.status_head import notice_lines, status_icon
from cards.text import moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.restriction import Cause

_ROWS_AT_MOST = 30


def digest_card(cases: Sequence[Case], view: View) -> Card:
    """Many requests at once on one card. It decides nothing: each case is opened and decided by itself."""
    words = view.words
    undecided = [case for case in cases if case.is_undecided]
    summary = digest_summary(cases, view)
    rows = rows_within([_row(case, view) for case in _first(cases, undecided)], ROWS_AT_MOST // 2)
    body = [
        box([heading(summary, icon="🌊")], style="warning" if undecided else "good", edge=True),
        *notice_lines(view),
        line(words.count("digest.undecided", len(undecided))),
        line(run(_causes(cases, view), bold=True), spacing="Small"),
        line(run(words("digest.advice"), subtle=True), spacing="Small"),
        box(rows, style="emphasis", spacing="Medium"),
    ]
    if len(cases) > len(rows):
        body.append(line(run(words.count("digest.more", len(cases) - len(rows)), subtle=True)))
    buttons = [_open(undecided[: len(rows)], view)] if undecided else []
    buttons.append(link(words("button.defender"), view.links.restricted_entities))
    return to_json(Card15(body=body, actions=buttons, fallback=summary, speak=summary))


def digest_summary(cases: Sequence[Case], view: View) -> str:
    """The line a notification shows. Whom the list monitor found asked for nothing yet."""
    asked = sum(case.request.sent_at is not None for case in cases)
    names = {0: "digest.title.found", len(cases): "digest.title"}
    return view.words.count(names.get(asked, "digest.title.mixed"), len(cases))


def _first(cases: Sequence[Case], undecided: Sequence[Case]) -> list[Case]:
    """Those that still wait come first; a long tail is counted, not shown."""
    settled = [case for case in cases if not case.is_undecided]
    return [*undecided, *settled][:_ROWS_AT_MOST]


def _causes(cases: Sequence[Case], view: View) -> str:
    counted = Counter(case.restriction.cause if case.restriction else Cause.UNKNOWN for case in cases)
    named = [f"{view.words(f'cause.{cause.name.lower()}')}: {n}" for cause, n in counted.most_common()]
    return " · ".join(named)


def _row(case: Case, view: View) -> BareObject:
    view = view.about(case)
    icon = status_icon(case.status)
    status = view.words(f"approver.status.{case.status.name.lower()}")
    sent = view.words.time(moment(case.request.sent_at or case.opened_at))
    return line(
        run(f"{icon} {case.number}  ", bold=True),
        f"{user_text(case.sender.name, 60)} · {status} · {sent}",
        spacing="Small",
    )


def _open(undecided: Sequence[Case], view: View) -> BareObject:
    """A form that names one case: its own card then comes to the end of the channel."""
    words = view.words
    choices = {
        str(case.number): f"{case.number} · {user_text(case.sender.name, 60)}" for case in undecided[:_ROWS_AT_MOST]
    }
    # The first one is chosen: a field with nothing in it looks as if there were nothing to choose.
    oldest, missing = next(iter(choices)), words("input.which_case.missing")
    field = choice_input("case", words("input.which_case"), choices, error=missing, value=oldest)
    return form(words("button.open_case"), [field], execute(words("button.open_case_yes"), "open_case"))
