"""The report as CSV and JSON: figures alone, nobody's name or address."""

import csv
import io
import json
from collections.abc import Iterator

from services.domain.reporting.period import PeriodReport, Spread
from services.inspecting.form import Format

COLUMNS = ("figure", "of", "value")


def written(report: PeriodReport, form: Format) -> str:
    """Durations in seconds; the times of spans are when they begin, in UTC."""
    rows = list(_rows(report))
    if form is Format.JSON:
        return json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], indent=1) + "\n"
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([COLUMNS, *rows])
    return text.getvalue()


def _rows(report: PeriodReport) -> Iterator[tuple[str, str, int | str]]:
    yield "since", "", report.since.isoformat()
    yield "until", "", report.until.isoformat()
    for begin, many in zip(report.spans, report.by_span, strict=True):
        yield "restrictions_from", begin.isoformat(), many
    for cause, many in report.by_cause:
        yield "restrictions_by_cause", cause.value, many
    yield "requests", "", report.requests
    for status, many in report.outcomes:
        yield "requests_by_status", status.value, many
    yield from _spread("decided", report.decided)
    yield from _spread("works", report.works)
    for one in report.waiting:
        yield "open_by_status", one.status.value, one.many
    for again in report.repeated:
        yield "restricted_again_newest_case", str(again.newest), again.times


def _spread(name: str, spread: Spread | None) -> Iterator[tuple[str, str, int | str]]:
    if spread is not None:
        yield name, "times", spread.many
        yield name, "half_within_seconds", int(spread.half.total_seconds())
        yield name, "nine_in_ten_within_seconds", int(spread.most.total_seconds())
