"""What a newer program, which runs beside this one or ran before it, stored in the same database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.domain.case.parts import CaseNumber

_LEFT_FOR = timedelta(hours=1)
"""Then one is tried again: it may have been restored, or damage was taken for a newer version."""


class Newer:
    """The cases that this process met and cannot read since a newer one stored them: they and their tasks are left to
    that one. `migrated`: the database itself is the newer one's by now."""

    def __init__(self) -> None:
        self.migrated = False
        self._left: dict[CaseNumber, datetime | None] = {}
        self._now: datetime | None = None

    def meets(self, case: CaseNumber) -> None:
        self._left[case] = self._now + _LEFT_FOR if self._now else None

    def reads(self, case: CaseNumber) -> None:
        """It can be read again."""
        self._left.pop(case, None)

    def left_alone(self, now: datetime) -> frozenset[CaseNumber]:
        """Whose tasks this process does not take up at that time."""
        self._now = now
        self._left = {case: until or now + _LEFT_FOR for case, until in self._left.items()}
        return frozenset(case for case, until in self._until().items() if until > now)

    @property
    def cases(self) -> frozenset[CaseNumber]:
        return frozenset(self._left)

    @property
    def next_try(self) -> datetime | None:
        """When the first of them is tried again."""
        return min(self._until().values(), default=None)

    def said(self) -> list[str]:
        """A sentence for each thing, for an operator."""
        sentences = []
        if self.migrated:
            sentences.append("A newer Sendwell has migrated the database: this version does not start again on it.")
        if self._left:
            count = len(self._left)
            those = "1 case was" if count == 1 else f"{count} cases were"
            sentences.append(f"{those} stored by a newer Sendwell, and left to it: update this process.")
        return sentences

    def _until(self) -> Mapping[CaseNumber, datetime]:
        return {case: until for case, until in self._left.items() if until is not None}
