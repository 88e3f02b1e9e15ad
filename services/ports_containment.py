"""What containing an account needs of the world, in our words."""

from typing import Protocol

from services.domain.containment import ContainStep, StepResult
from services.domain.people import PersonId


class Containing(Protocol):
    """Account and mailbox of a person, to be closed to whoever got in. All of it is safe to repeat.

    Where a call raises `Unavailable` it may or may not have taken effect: repeat it. A service that says no is not
    unavailable; that is a `StepResult` that `FAILED`."""

    async def privileged(self, person: PersonId) -> bool:
        """Whether the person holds any directory role at this moment, activated ones included. Raises `Unavailable`."""
        ...

    async def before(
        self, step: ContainStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        """What `StepResult.was` would be if the step were taken now; nothing where nothing would change, or where the
        service does not let us look. To be saved before the step is taken, since an answer that gets lost takes its
        `was` with it. Raises `Unavailable`."""
        ...

    async def contain(self, step: ContainStep, person: PersonId, address: str, rules: tuple[str, ...]) -> StepResult:
        """Take one step; `address` is the mailbox, `rules` are the ids of the inbox rules to be switched off. Raises
        `Unavailable`."""
        ...

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        """Undo what `result.was` holds; where that is nothing it is `ALREADY_SO`. Raises `Unavailable`."""
        ...
