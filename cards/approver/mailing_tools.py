"""Mailing tools of the organisation's rules: a reason that there may be for many messages, and never more than that."""

from collections.abc import Iterator

from adaptivecards.baseobject import BareObject

from cards.elements import line, run
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.evidence.report import Report
from services.domain.unknown import Unknown


def tools_lines(report: Report, view: View) -> list[BareObject]:
    """What each tool sent of what the trace shows."""
    sent = report.sent
    if isinstance(sent, Unknown):
        return []
    return [
        line(
            run(
                view.words(
                    "evidence.by_tool", tool=user_text(tool.name, 80), number=tool.recipients, total=sent.recipients
                ),
                subtle=True,
            ),
            spacing="Small",
        )
        for tool in sent.by_tools
    ]


def connector_tool_lines(case: Case, view: View) -> Iterator[BareObject]:
    """Whose connector it is."""
    for tool in view.timing.rules.mailing_tools:
        if case.sender.connector_id.casefold() in tool.connectors:
            yield line(view.words("connector.of_tool", tool=user_text(tool.name, 80)), spacing="Small")
