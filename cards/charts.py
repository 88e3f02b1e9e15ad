"""Teams' charts. Each has the same figures in rows for whoever's Teams draws none: older clients, and some on a phone.

https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/charts-in-adaptive-cards"""

from collections.abc import Sequence
from dataclasses import dataclass

from adaptivecards.baseobject import BareObject, Element, PropertyType

from cards.elements import box, columns, line, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One figure: what it is of, and how many."""

    name: str
    many: int


class _Chart(Element):  # type: ignore[misc]  # the package has no types
    title = PropertyType(type=str)
    data = PropertyType(type=list)
    fallback = PropertyType(type=BareObject)


class _VerticalBar(_Chart):
    element_type = "Chart.VerticalBar"
    values_shown = PropertyType(type=bool, key_name="showBarValues")


class _Donut(_Chart):
    element_type = "Chart.Donut"


def bars(title: str, figures: Sequence[Bar]) -> BareObject:
    """Bars beside one another, in their order."""
    data = [{"x": one.name, "y": one.many} for one in figures]
    return _VerticalBar(title=title, data=data, values_shown=True, fallback=_rows(title, figures))


def donut(title: str, figures: Sequence[Bar]) -> BareObject:
    """The parts of a whole."""
    data = [{"legend": one.name, "value": one.many} for one in figures]
    return _Donut(title=title, data=data, fallback=_rows(title, figures))


def _rows(title: str, figures: Sequence[Bar]) -> BareObject:
    """A row a figure, so that each is read with its name."""
    rows = [
        columns([line(one.name, spacing="None")], [line(str(one.many))], widths=["stretch", "auto"]) for one in figures
    ]
    return box([line(run(title, bold=True)), *rows], spacing="Medium")
