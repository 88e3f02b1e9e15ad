"""What many ask of the database in the same moment is asked once for all of them: forty checks that were claimed
together are one read of their cases, and one write where nothing came of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")


class Together(Generic[_Question, _Answer]):
    """Collects what is asked in one round of the event loop, and asks for all in the next: nobody waits for others.

    `ask_all` returns the answers in the order of the questions; what it raises is raised to all who asked."""

    def __init__(self, ask_all: Callable[[Sequence[_Question]], Awaitable[Sequence[_Answer]]]) -> None:
        self._ask_all = ask_all
        self._questions: list[_Question] = []
        self._asking: asyncio.Task[Sequence[_Answer]] | None = None

    async def ask(self, question: _Question) -> _Answer:
        """The answer to this question. Whoever is cancelled meanwhile leaves the others' to them."""
        if self._asking is None:
            self._questions = []
            self._asking = asyncio.ensure_future(self._ask(self._questions))
            self._asking.add_done_callback(_looked_at)
        place, asking = len(self._questions), self._asking
        self._questions.append(question)
        return (await asyncio.shield(asking))[place]

    async def _ask(self, questions: Sequence[_Question]) -> Sequence[_Answer]:
        self._asking = None  # who comes from now on is of the next round
        return await self._ask_all(questions)


def _looked_at(asking: "asyncio.Task[Sequence[_Answer]]") -> None:
    """Whoever asked may be gone when it fails."""
    if not asking.cancelled():
        asking.exception()
