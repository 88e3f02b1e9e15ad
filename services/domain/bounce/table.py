"""Looking a bounce up in the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.domain.bounce.cause import Cause, Weight
from services.domain.bounce.causes import (
    classes,
    foreign,
    friendly,
    message,
    network,
    organisation,
    recipient,
    sender,
    waiting,
)
from services.domain.bounce.meaning import Meaning

ALL: tuple[Cause, ...] = (
    *sender.CAUSES,
    *organisation.CAUSES,
    *recipient.CAUSES,
    *network.CAUSES,
    *message.CAUSES,
    *friendly.CAUSES,
    *waiting.CAUSES,
    *foreign.CAUSES,
    *classes.CAUSES,
)
NAMED: Mapping[str, Cause] = {cause.name: cause for cause in ALL}
_BY_WEIGHT = {weight: tuple(cause for cause in ALL if cause.weight is weight) for weight in Weight}
_CODELESS = {weight: tuple(cause for cause in causes if not cause.codes) for weight, causes in _BY_WEIGHT.items()}
_GIVEN_UP = {"2": "gave_up_mailbox", "4": "gave_up_network", "7": "gave_up_policy"}
_CLASSES = {
    "1": "class_address",
    "2": "class_mailbox",
    "3": "class_system",
    "4": "class_network",
    "5": "class_protocol",
    "6": "class_content",
    "7": "class_policy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a bounce says about one recipient, as far as it tells the cause."""

    codes: tuple[str, ...]
    """Enhanced status codes, the most reliable first."""
    words: str
    """Everything said beside them, case-folded, in one line."""
    replied: bool
    """Whether there is an SMTP reply: a server's words then count even without an enhanced code."""
    answered: bool
    """Whether that reply surely is a server's, whatever its words."""
    final: bool
    """Whether nobody tries any more."""


def look_up(signs: Signs) -> tuple[str | None, Cause] | None:
    """The code that counts (`None` where words alone told it) and the cause; `None` if the signs say nothing."""
    code, cause = next(_fitting(signs), (None, None))
    if cause is None:
        if not signs.codes:
            return (None, NAMED["class_other"]) if signs.answered else None
        code = _telling(signs.codes)
        cause = NAMED["class_temporary" if code[0] == "4" else _CLASSES.get(code[2], "class_other")]
    if code and code[0] == "4" and signs.final and cause.fixer == "wait":
        cause = NAMED[_GIVEN_UP.get(code[2], "gave_up")]
    if cause.meaning is Meaning.GAVE_UP and not signs.final and (code is None or code[0] == "4"):
        cause = NAMED["still_trying"]
    return code, cause


def _fitting(signs: Signs) -> Iterator[tuple[str | None, Cause]]:
    for weight, causes in _BY_WEIGHT.items():
        if not _counts(weight, signs):
            continue
        fitting = [cause for cause in causes if _may_fit(cause, signs.codes)] if signs.codes else _CODELESS[weight]
        said = [cause for cause in fitting if cause.is_said_in(signs.words)]
        for code in signs.codes:
            yield from ((code, cause) for cause in said if code in cause.codes)
        if signs.codes:
            yield from ((_telling(signs.codes), cause) for cause in said if not cause.codes)
        else:
            yield from ((None, cause) for cause in said if not cause.codes)


def _counts(weight: Weight, signs: Signs) -> bool:
    if weight is Weight.FOREIGN_WORDS:
        return signs.replied or signs.final or bool(signs.codes)
    if weight is Weight.BROAD_WORDS:
        return signs.answered or bool(signs.codes)
    return weight is not Weight.CLASS


def _may_fit(cause: Cause, codes: Sequence[str]) -> bool:
    return not cause.codes or not cause.codes.isdisjoint(codes)


def _telling(codes: Sequence[str]) -> str:
    """The first code that is more than a class; the first one if none is."""
    return next((code for code in codes if not code.endswith(".0.0")), codes[0])
