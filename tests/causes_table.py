"""The table of causes in `docs/bounces.md`, written from the table that the code looks bounces up in."""

from collections.abc import Iterable, Iterator

from cards.words import words_for
from services.domain.bounce.cause import Cause
from services.domain.bounce.table import ALL


def causes_table() -> str:
    """Returns markdown: a row for each cause, in the order of the table."""
    words = words_for("en")
    head = ["| cause | codes | who can fix it | means |", "|---|---|---|---|"]
    rows = (
        f"| `{cause.name}` | {_codes(cause)} | `{cause.fixer}` | {words(f'bounce.{cause.name}.means')} |"
        for cause in ALL
    )
    return "\n".join([*head, *rows])


def _codes(cause: Cause) -> str:
    by_front: dict[str, list[int]] = {}
    for code in cause.codes:
        front, _, detail = code.rpartition(".")
        by_front.setdefault(front, []).append(int(detail))
    ranges = (f"{front}.{one}" for front in sorted(by_front) for one in _ranges(sorted(by_front[front])))
    return ", ".join(ranges) + (" with its words" if cause.codes and cause.says else "") or "by its words"


def _ranges(numbers: Iterable[int]) -> Iterator[str]:
    """`606-649` for each number from 606 to 649."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return (f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
