"""What is asked in one moment is one question; whose it was does not suffer for the others."""

import asyncio
from collections.abc import Sequence

import pytest

from services.clients.store.together import Together


class Library:
    """Answers many questions at once, and remembers which came together."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.heard = asyncio.Queue[list[str]]()
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def answers(self, questions: Sequence[str]) -> list[str]:
        self.asked.append(list(questions))
        self.heard.put_nowait(list(questions))
        await self.is_open.wait()
        if "burn" in questions:
            raise OSError("it burns")
        return [question.upper() for question in questions]


async def test_questions_of_one_moment_are_one_and_each_gets_its_own_answer() -> None:
    library = Library()
    together = Together(library.answers)
    assert await asyncio.gather(*map(together.ask, "abc")) == ["A", "B", "C"]
    assert await together.ask("d") == "D"
    assert library.asked == [["a", "b", "c"], ["d"]]


async def test_a_later_question_does_not_wait_for_an_earlier_one() -> None:
    library = Library()
    together = Together(library.answers)
    library.is_open.clear()
    first = asyncio.ensure_future(together.ask("a"))
    await library.heard.get()
    later = asyncio.ensure_future(together.ask("b"))
    await library.heard.get()
    assert library.asked == [["a"], ["b"]]
    library.is_open.set()
    assert [await first, await later] == ["A", "B"]


async def test_who_gives_up_leaves_the_answer_to_the_others() -> None:
    library = Library()
    together = Together(library.answers)
    library.is_open.clear()
    gives_up, waits = (asyncio.ensure_future(together.ask(one)) for one in "ab")
    await library.heard.get()
    gives_up.cancel()
    library.is_open.set()
    assert await waits == "B"
    assert gives_up.cancelled()


async def test_what_fails_fails_for_all_who_asked_and_for_nobody_after_them() -> None:
    together = Together(Library().answers)
    failed = await asyncio.gather(together.ask("a"), together.ask("burn"), return_exceptions=True)
    assert [type(one) for one in failed] == [OSError, OSError]
    assert await together.ask("c") == "C"


async def test_a_failure_that_nobody_waits_for_any_more_is_no_bug(caplog: pytest.LogCaptureFixture) -> None:
    library = Library()
    together = Together(library.answers)
    library.is_open.clear()
    asks = asyncio.ensure_future(together.ask("burn"))
    await library.heard.get()
    asks.cancel()
    library.is_open.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert asks.cancelled()
    assert caplog.messages == []
