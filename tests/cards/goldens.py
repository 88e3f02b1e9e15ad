"""The golden files: some thirty states as whole cards, and every other state as its differences from one of those.

Each word of each state stands in a golden file, and a word that many states share stands in few of them. The judges
still see every card whole."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image

from services.domain.card import Card

WHOLE = frozenset(
    {
        *("approver-approved", "approver-connector", "approver-contain-done", "approver-contain-to-confirm"),
        *("approver-denied", "approver-failed", "approver-honest", "approver-hostile", "approver-limits-applied"),
        *("approver-limits-proposed", "approver-needs_ticket", "approver-noticed-told", "approver-off_list"),
        *("approver-shared-mailbox", "approver-spam", "approver-stolen", "approver-waiting"),
        *("bounce-restricted_sender", "digest", "help-approver", "history", "report", "restricted"),
        *("person-denied", "person-mailing", "person-mfa", "person-needs_info", "person-off_list"),
        *("person-securing", "person-send", "person-contacted-first", "person-waiting"),
    }
)
NOTHING = "nothing"
"""The base of small cards: they are kept whole, as differences from nothing."""
SECTIONS = (
    # file, the whole card its states are compared with, which states; the first matching row counts
    ("connectors", "approver-connector", "approver-connector-*"),
    ("containment", "approver-stolen", "approver-contained* approver-contain-cancelled approver-contain-on-premises"),
    ("containment", "approver-contain-done", "approver-contain-put-back approver-contain-two-back"),
    ("containment", "approver-contain-done", "approver-contain-unclear"),
    ("containment", "approver-contain-to-confirm", "approver-contain-*"),
    ("limits", "approver-limits-applied", "approver-limits-appl* approver-limits-approved approver-limits-taking-back"),
    (
        "limits",
        "approver-limits-proposed",
        "approver-limits-proposed-* approver-limits-taken-back approver-limits-failed",
    ),
    ("limits", "approver-honest", "approver-limits-*"),
    ("mailboxes", "approver-shared-mailbox", "approver-shared-mailbox-*"),
    ("evidence", "approver-stolen", "approver-one-of-two approver-timeline"),
    ("evidence", "approver-off_list", "approver-off-list-with-evidence"),
    ("evidence", "approver-spam", "approver-weak-signs approver-more-than-said approver-*-nothing-found"),
    ("evidence", "approver-honest", "approver-searching approver-not-searched"),
    ("evidence", "approver-waiting", "approver-one-sign approver-no-mailing approver-not-checked approver-gathering"),
    ("evidence", "approver-waiting", "approver-trace-*"),
    ("decisions", "approver-denied", "approver-stopped approver-stopped-removal-open"),
    ("decisions", "approver-off_list", "approver-stopped-released approver-took-effect"),
    ("decisions", "approver-approved", "approver-approved-*"),
    ("decisions", "approver-waiting", "approver-checking approver-checking-evidence approver-not-taken*"),
    ("decisions", "approver-waiting", "approver-evidence-*"),
    ("unblock", "approver-approved", "approver-unclear approver-not-begun approver-unblocked approver-checked-*"),
    ("unblock", "approver-approved", "approver-with_microsoft"),
    ("unblock", "approver-failed", "approver-failed-*"),
    ("unblock", "approver-off_list", "approver-bouncing"),
    ("undecided", "approver-spam", "approver-asked-again*"),
    ("undecided", "approver-noticed-told", "approver-looking approver-securing approver-noticed-not-told"),
    ("undecided", "approver-spam", "approver-unknown approver-no-entry approver-federated approver-spam-*"),
    ("ended", "approver-off_list", "approver-works approver-closed_unconfirmed approver-relapsed"),
    ("ended", "approver-noticed-told", "approver-not_restricted"),
    ("ended", "approver-denied", "approver-closed approver-withdrawn approver-expired approver-already_lifted"),
    ("undecided", "approver-waiting", "approver-*"),
    ("securing", "person-mfa", "person-mfa-* person-no-helpdesk"),
    ("securing", "person-mailing", "person-mailing-* person-asked-again"),
    ("securing", "person-securing", "person-password-* person-no-self-service person-shared-mailbox"),
    ("persons", "person-contacted-first", "person-contacted-first-*"),
    ("persons", "person-off_list", "person-bouncing*"),
    ("persons", "person-denied", "person-denied-*"),
    ("persons", "person-needs_info", "person-drafted person-asked-again-reply"),
    ("persons", "person-waiting", "person-*"),
    ("bounces", "bounce-restricted_sender", "bounce-* not-restricted*"),
    ("notices", "digest", "digest-long digest-noticed"),
    ("notices", "help-approver", "help channel-help"),
    ("notices", "restricted", "restricted-*"),
    ("notices", "report", "report-*"),
    ("notices", NOTHING, "*"),
)


def golden_files(cards: Mapping[str, Card]) -> dict[str, str]:
    """Returns the text of each golden file, by file name."""
    cards = {name: with_named_pictures(card) for name, card in cards.items()}
    files = {f"{name}.json": json.dumps(cards[name], indent=1, ensure_ascii=False) + "\n" for name in sorted(WHOLE)}
    for name, card in cards.items():
        if name not in WHOLE:
            file, base = section_of(name)
            lines = [f"=== {name}: {base}, but", *differences(cards.get(base), card), ""]
            files[f"{file}.diff"] = files.get(f"{file}.diff", "") + "".join(f"{line}\n" for line in lines)
    return files


def with_named_pictures(element: Any) -> Any:
    """The card with each picture's pixels in place of its PNG: how those are packed differs from machine to machine."""
    if isinstance(element, list):
        return [with_named_pictures(item) for item in element]
    if not isinstance(element, dict):
        return element
    named = {key: with_named_pictures(value) for key, value in element.items()}
    if element.get("type") == "Image":
        named["url"] = f"pixels {sha256(pixels(element['url']).tobytes()).hexdigest()[:16]}"
    return named


def pixels(data_uri: str) -> Image.Image:
    """The picture that stands in a card, with the transparent as such."""
    return Image.open(BytesIO(b64decode(data_uri.partition(",")[2]))).convert("RGBA")


def section_of(name: str) -> tuple[str, str]:
    """For a state that is not kept whole: its file, and the whole card it is compared with."""
    return next((file, base) for file, base, patterns in SECTIONS if is_among(name, patterns))


def is_among(name: str, patterns: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns.split())


def differences(base: Card | None, card: Card) -> Iterator[str]:
    """Yields the elements that differ, one a line: `-` for the base's, `+` for the card's."""
    one, other = list(outline(base)) if base else [], list(outline(card))
    for kind, begin, end, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {element}" for element in one[begin:end])
            yield from (f"+ {element}" for element in other[start:stop])


def outline(element: Any, path: str = "card") -> Iterator[str]:
    """Yields one line for each element of a card: its path, then all its properties as JSON."""
    inside = {key: value for key, value in element.items() if _holds_elements(key, value)}
    own = {key: value for key, value in element.items() if key not in inside}
    yield f"{path}: {json.dumps(own, ensure_ascii=False)}"
    for key, value in inside.items():
        for child in value if isinstance(value, list) else [value]:
            yield from outline(child, f"{path}.{key}")


def _holds_elements(key: str, value: Any) -> bool:
    """Whether a property holds elements of their own. The text runs of a line stay part of the line."""
    first = value[0] if isinstance(value, list) and value else value
    return key != "inlines" and isinstance(first, dict) and "type" in first
