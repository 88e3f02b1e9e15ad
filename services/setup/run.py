"""The plan first, then each step in turn: look, do, look again; where a human must act, say what, wait, and look."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from services.ports.errors import Unavailable
from services.setup.step import Look, Made, Standing, Step, StepFailed

DONE, FAILED, DECLINED, LEFT = 0, 1, 2, 3
"""Exit codes: everything is there; a step failed; nothing was done; something is left to a human."""
_MARKS = {Standing.THERE: "✔", Standing.TO_DO: "+", Standing.BY_HAND: "☐", Standing.LATER: "…"}


class Console(Protocol):
    """Whoever runs it."""

    def say(self, line: str) -> None: ...

    def ask(self, question: str) -> str | None:
        """An answer without blanks around it; `None` where nobody can be asked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run over the steps of a plan."""

    steps: Sequence[Step]
    console: Console
    made: Made

    async def set_up(self, *, dry_run: bool, agreed: bool) -> int:
        """Returns one of the exit codes above. What was done stays where a later step fails: the next run goes on."""
        try:
            looks = await self._planned()
            if all(look.standing is Standing.THERE for look in looks):
                self.console.say("Everything is there.")
                return DONE
            if dry_run:
                return DONE
            if not agreed and not self._agrees("Do what is marked + now? [y/N] ", "y"):
                self.console.say("Nothing was done.")
                return DECLINED
            waiting = [step for step in self.steps if not await self._done(step)]
            return self._ended([step for step in waiting if not await self._by_hand(step)])
        except (Unavailable, StepFailed, OSError) as failed:
            self.console.say(f"✘ {failed}\nWhat was done stays; the same command goes on from here.")
            return FAILED

    async def take_back(self, *, dry_run: bool, agreed: bool) -> int:
        """Remove what the plan made, last things first."""
        try:
            for step in self.steps:
                self.console.say(await self._found(step))
            if dry_run:
                return DONE
            if not agreed and not self._agrees("Remove what this plan made? Type “remove”: ", "remove"):
                self.console.say("Nothing was removed.")
                return DECLINED
            for step in reversed(self.steps):
                self.console.say(f"− {step.title}: {await step.take_back(self.made)}")
        except (Unavailable, StepFailed, OSError) as failed:
            self.console.say(f"✘ {failed}\nThe same command goes on from here.")
            return FAILED
        return DONE

    async def _found(self, step: Step) -> str:
        """A line about what there is to take back. What keeps a set-up from going on keeps nobody from removing it."""
        try:
            look = await self._look(step)
        except StepFailed as failed:
            return f"· {failed}"
        is_there = look.standing in (Standing.THERE, Standing.BY_HAND)
        return f"− {step.title}: {look.says}" if is_there else f"· {step.title}: not there, or not as planned"

    async def _planned(self) -> list[Look]:
        looks = []
        for step in self.steps:
            look = await self._look(step)
            self.console.say(_line(step, look))
            looks.append(look)
        return looks

    async def _done(self, step: Step) -> bool:
        """Do what needs no human; whether it is there."""
        look = await self._look(step)
        if look.standing is Standing.TO_DO:
            with _named(step):
                await step.do(self.made)
            look = await self._look(step)
            if look.standing is Standing.TO_DO:
                raise StepFailed(f"{step.title}: done, and yet to do: {look.says}")
            self.console.say(_line(step, look))
        return look.standing is Standing.THERE

    async def _by_hand(self, step: Step) -> bool:
        """Say what is left to a human until it is there; whether it is."""
        look = await self._look(step)
        while look.standing is Standing.BY_HAND:
            for line in ("", _line(step, look), *step.instructions(self.made)):
                self.console.say(line)
            answer = self.console.ask("Enter when it is done, s to leave it for later: ")
            if answer is None or answer.casefold() == "s":
                return False
            look = await self._look(step)
        self.console.say(_line(step, look))
        return look.standing is Standing.THERE

    async def _look(self, step: Step) -> Look:
        with _named(step):
            return await step.look(self.made)

    def _ended(self, left: Sequence[Step]) -> int:
        if not left:
            self.console.say("Everything is there.")
            return DONE
        self.console.say(f"Left: {'; '.join(step.title for step in left)}. The same command goes on from here.")
        return LEFT

    def _agrees(self, question: str, answer: str) -> bool:
        return (self.console.ask(question) or "").casefold() == answer


@contextmanager
def _named(step: Step) -> Iterator[None]:
    """What fails in it says which step it was."""
    try:
        yield
    except StepFailed as failed:
        raise StepFailed(f"{step.title}: {failed}") from failed


def _line(step: Step, look: Look) -> str:
    return f"{_MARKS[look.standing]} {step.title}: {look.says}"
