"""Adaptive Card elements on top of the `adaptivecards` package: what it lacks (actions, inputs, version 1.5),
and a stricter way to build what it has (it drops a misspelt property without a word)."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

from adaptivecards.adaptivecard import AdaptiveCard
from adaptivecards.baseobject import BareObject, Element, PropertyType
from adaptivecards.containers import ActionSet, Column, ColumnSet, Container
from adaptivecards.elements import Image, RichTextBlock, TextBlock, TextRun

from cards.text import plain_title
from cards.words import ReadersTime
from services.domain.card import Card
from services.domain.case.commands.command import FromApprovers
from services.domain.case.transition import Refusal, Refused
from services.domain.people import TeamsUser

VERSION = "1.5"
"""The newest schema version that Teams renders on every client."""


class _Execute(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Action.Execute"
    title = PropertyType(type=str)
    verb = PropertyType(type=str)
    data = PropertyType(type=dict)
    style = PropertyType(type=str)
    inputs = PropertyType(type=str, key_name="associatedInputs")


class _ShowCard(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Action.ShowCard"
    title = PropertyType(type=str)
    card = PropertyType(type=BareObject)
    style = PropertyType(type=str)


class _OpenUrl(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Action.OpenUrl"
    title = PropertyType(type=str)
    url = PropertyType(type=str)
    style = PropertyType(type=str)


class _Reveal(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Action.ToggleVisibility"
    title = PropertyType(type=str)
    targets = PropertyType(type=list, key_name="targetElements")


class _TextInput(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Input.Text"
    label = PropertyType(type=str)
    required = PropertyType(type=bool, key_name="isRequired")
    error = PropertyType(type=str, key_name="errorMessage")
    most = PropertyType(type=int, key_name="maxLength")
    multiline = PropertyType(type=bool, key_name="isMultiline")
    style = PropertyType(type=str)
    value = PropertyType(type=str)


class _DateInput(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Input.Date"
    label = PropertyType(type=str)


class _ChoiceSet(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Input.ChoiceSet"
    label = PropertyType(type=str)
    choices = PropertyType(type=list)
    value = PropertyType(type=str)
    required = PropertyType(type=bool, key_name="isRequired")
    error = PropertyType(type=str, key_name="errorMessage")


class _Toggle(Element):  # type: ignore[misc]  # the package has no types
    element_type = "Input.Toggle"
    title = PropertyType(type=str)
    label = PropertyType(type=str)
    required = PropertyType(type=bool, key_name="isRequired")
    error = PropertyType(type=str, key_name="errorMessage")
    wrap = PropertyType(type=bool)


class _Heading(TextBlock):  # type: ignore[misc]  # the package has no types
    style = PropertyType(type=str)


def _element(kind: type[BareObject], **properties: object) -> BareObject:
    """An element with exactly these properties; `None` leaves one out, an unknown name is a bug."""
    if strange := set(properties) - _properties_of(kind):  # type: ignore[arg-type]  # a class is hashable
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(strange))}")
    return kind(**{name: value for name, value in properties.items() if value is not None})


@cache
def _properties_of(kind: Any) -> frozenset[str]:
    return frozenset(
        name for owner in kind.__mro__ for name, value in vars(owner).items() if isinstance(value, PropertyType)
    )


def heading(text: str, *, icon: str = "", color: str | None = None, size: str = "Large") -> BareObject:
    """A heading; `text` comes from the catalogue alone, since Teams reads markdown in it. The icon stands beside it:
    a screen reader would spell it out in every list of headings."""
    title = _element(_Heading, text=text, style="heading", size=size, weight="Bolder", wrap=True, color=color)
    return columns([line(run(icon, size=size))], [title], widths=["auto", "stretch"]) if icon else title


def run(
    text: str, *, bold: bool = False, subtle: bool = False, color: str | None = None, size: str | None = None
) -> BareObject:
    """A piece of a line, never read as markdown."""
    weight = "Bolder" if bold else None
    return _element(TextRun, text=text, weight=weight, isSubtle=subtle or None, color=color, size=size)


def image(url: str, said: str, *, spacing: str | None = None) -> BareObject:
    """A picture as wide as its card; `said` is what a screen reader says of it."""
    return _element(Image, url=url, altText=said, size="Stretch", spacing=spacing)


def line(
    *runs: str | BareObject, spacing: str | None = None, separator: bool = False, align: str | None = None
) -> BareObject:
    """One paragraph of runs; a bare string is a plain run."""
    inlines = [run(piece) if isinstance(piece, str) else piece for piece in runs]
    return _element(
        RichTextBlock, inlines=inlines, spacing=spacing, separator=separator or None, horizontalAlignment=align
    )


def timed_line(
    *sentences: ReadersTime,
    bold: bool = False,
    subtle: bool = False,
    spacing: str | None = None,
    between: str = " ",
) -> BareObject:
    """One paragraph of our own sentences, in which Teams writes each time in its reader's zone. A block of its own,
    since Teams does so in no run; and no word of anybody else stands in it, since Teams reads markdown in it."""
    return _element(
        TextBlock,
        text=between.join(sentence.text for sentence in sentences),
        wrap=True,
        weight="Bolder" if bold else None,
        isSubtle=subtle or None,
        spacing=spacing,
    )


def mention_line(text: str) -> BareObject:
    """A line with mentions, which Teams knows in a TextBlock only."""
    return _element(TextBlock, text=text, wrap=True, isSubtle=True, spacing="Small")


def box(
    items: Sequence[BareObject], *, style: str | None = None, spacing: str | None = None, edge: bool = False
) -> BareObject:
    """A container, tinted by its style; at the card's `edge` the tint runs to the border."""
    return _element(Container, items=list(items), style=style, spacing=spacing, bleed=edge or None)


def hidden(name: str, items: Sequence[BareObject]) -> BareObject:
    """What is not shown until the button that `reveal` makes for this name is pressed."""
    return _element(Container, items=list(items), id=name, visible=False, spacing="Medium")


def reveal(title: str, name: str) -> BareObject:
    """A button that shows what is hidden under this name, and hides it again. Unlike what `unfold` makes it may hold
    forms: Teams shows a form within a form on some clients only, and none in its overflow menu.

    https://learn.microsoft.com/adaptive-cards/schema-explorer/action-toggle-visibility"""
    return _element(_Reveal, title=title, targets=[name])


def columns(*parts: Sequence[BareObject], widths: Sequence[str] | None = None) -> BareObject:
    """Parts side by side."""
    widths = widths or ["stretch"] * len(parts)
    made = [_element(Column, items=list(items), width=width) for items, width in zip(parts, widths, strict=True)]
    return _element(ColumnSet, columns=made)


def execute(
    title: str, verb: str, case: int | None = None, *, style: str | None = None, shown: Mapping[str, str] | None = None
) -> BareObject:
    """A button. It carries a verb, a case number and what names the things `shown`: nothing to believe."""
    data: dict[str, object] = {} if case is None else {"case": case, **(shown or {})}
    return _element(_Execute, title=title, verb=verb, data=data, style=style)


def quiet_execute(
    title: str, verb: str, case: int, *, style: str | None = None, shown: Mapping[str, str] | None = None
) -> BareObject:
    """A button that sends no inputs, so that no form's required field can block it."""
    data: dict[str, object] = {"case": case, **(shown or {})}
    return _element(_Execute, title=title, verb=verb, data=data, inputs="none", style=style)


def named_number(name: str, number: int) -> Mapping[str, str]:
    """The data by which a button names what its card shows."""
    return {name: str(number)}


def form(title: str, items: Sequence[BareObject], submit: BareObject, *, style: str | None = None) -> BareObject:
    """A button that unfolds a small form of its own."""
    return _element(_ShowCard, title=title, card=_InnerCard(body=[*items], actions=[submit]), style=style)


def unfold(title: str, items: Sequence[BareObject]) -> BareObject:
    """A button that unfolds what not everybody needs to see."""
    return _element(_ShowCard, title=title, card=_InnerCard(body=[*items]))


def link(title: str, url: str, *, style: str | None = None) -> BareObject:
    return _element(_OpenUrl, title=title, url=url, style=style)


def actions(*buttons: BareObject) -> BareObject:
    """Buttons within the body, beside what they belong to."""
    return _element(ActionSet, actions=list(buttons))


def text_input(
    name: str,
    label: str,
    *,
    error: str | None = None,
    most: int,
    multiline: bool = False,
    digits: bool = False,
    value: str = "",
) -> BareObject:
    """A text field; it is required where an error message is given. `digits`: a phone shows its keys for numbers. It is
    no `Input.Number`, which makes 2 of "2.000" in some languages and tells nobody."""
    return _element(
        _TextInput,
        id=name,
        label=label,
        required=True if error else None,
        error=error,
        most=most,
        multiline=multiline or None,
        style="Tel" if digits else None,
        value=value or None,
    )


def date_input(name: str, label: str) -> BareObject:
    """A day, chosen from a calendar; its value is like 2026-11-26, or empty."""
    return _element(_DateInput, id=name, label=label)


def choice_input(
    name: str, label: str, choices: Mapping[str, str], *, error: str, value: str | None = None
) -> BareObject:
    """One of several, by title; its value is the key, and `value` the one chosen at first."""
    rows = [{"title": plain_title(title), "value": value} for value, title in choices.items()]
    return _element(_ChoiceSet, id=name, label=label, choices=rows, required=True, error=error, value=value)


def tick(name: str, label: str, title: str, error: str) -> BareObject:
    """A box that must be ticked."""
    return _element(_Toggle, id=name, label=label, title=plain_title(title), required=True, error=error, wrap=True)


def choice(name: str, title: str) -> BareObject:
    """A box that may be ticked."""
    return _element(_Toggle, id=name, title=plain_title(title), wrap=True)


Inputs: TypeAlias = Mapping[str, str]
"""What a form sent, by the names of its fields: checked as strictly as if a stranger had sent it."""


Reader: TypeAlias = Callable[[TeamsUser, Inputs], FromApprovers]
"""What a button means: the command of whoever pressed it, with what its form sent."""


class WrongField(Refused):
    """A form that is not taken because of one of its fields. `wrong`: the name of a sentence that says what is wrong
    with it, where the refusal's own does not. `others`: what is wrong with others of its fields."""

    def __init__(
        self, refusal: Refusal, *, field: str, wrong: str = "", others: Mapping[str, Refusal] = MappingProxyType({})
    ) -> None:
        super().__init__(refusal)
        self.field = field
        self.others = others
        self.wrong = wrong


def read_number(inputs: Inputs, name: str) -> int | None:
    """The number that a button names; `None` if it names none, 0 if it is no number of ours."""
    number = inputs.get(name, "")
    if not number:
        return None
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def is_ticked(inputs: Inputs, name: str) -> bool:
    """Teams sends a toggle as the text "true" or "false"."""
    return inputs.get(name, "") == "true"


class Card15(AdaptiveCard):  # type: ignore[misc]  # the package has no types
    """An Adaptive Card 1.5 (the package fixes 1.2 and ignores an assignment)."""

    def __init__(
        self, *, body: list[BareObject], actions: list[BareObject] | None = None, fallback: str = "", speak: str = ""
    ) -> None:
        super().__init__()
        self.set_data("version", VERSION)
        self.set_data("msteams", {"width": "full"})
        if speak:
            # Every catalogue is written from left to right: in an Arabic Teams, full stops would lead its sentences. A
            # form has it from its card.
            self.set_data("rtl", False)
        self.body = body
        for name, value in (("actions", actions), ("fallback_text", fallback), ("speak", speak)):
            if value:
                setattr(self, name, value)


class _InnerCard(Card15):
    """What a button unfolds. It says of itself no more than it must: a card has many, and Teams takes so many bytes."""

    def __init__(self, *, body: list[BareObject], actions: list[BareObject] | None = None) -> None:
        super().__init__(body=body, actions=actions)
        for name in ("$schema", "msteams"):
            self._data.pop(name, None)


def to_json(element: BareObject) -> Card:
    """The element as plain JSON, all the way down: the package's `render` leaves children unrendered."""
    return {key: _plain(value) for key, value in element.render().items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str):  # as most are
        return value
    if isinstance(value, BareObject):
        return to_json(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
