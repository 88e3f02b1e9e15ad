"""Every death of a story, one after the other, each compared with the story in which nobody died."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.databases import Databases
from tests.dialogs.outside import Outside
from tests.dialogs.world import World
from tests.no_driver import opened
from tests.reliability.endings import Ending, apart, ending_of
from tests.reliability.plays import TIMING, LaggingMail, Story, play, scene_of


@dataclass(kw_only=True)
class Figures:
    """The results of all the deaths of a story."""

    story: str
    deaths: int = 0
    repeated_messages: int = 0
    second_calls: int = 0
    faults: list[str]

    def __str__(self) -> str:
        return (
            f"{self.story}: {self.deaths} deaths, {self.repeated_messages} repeated messages, "
            f"{self.second_calls} second calls of Remove, {len(self.faults)} faults"
        )


async def matrix(story: Story, databases: Databases, *, every: bool) -> Figures:
    """With `every`, also dies right before each boundary, which leaves the same as right after the previous one."""
    scene = await scene_of(story, databases)
    url = databases.copy_of(scene.url)
    calm, outside = await play(scene, url)
    expected = await _ending(url, outside)
    figures = Figures(story=story.name, faults=[])
    for number in _points(calm.passed, story, every=every):
        copy, boundary = databases.copy_of(scene.url), calm.passed[number - 1]
        life, outside = await play(scene, copy, dies_at=number)
        assert life.passed[-1] == boundary, f"another way was taken: {life.passed[-1]} instead of {boundary}"
        _compare(boundary, expected, await _ending(copy, outside), outside, figures)
    return figures


def _points(passed: list[str], story: Story, *, every: bool) -> Iterator[int]:
    for number, boundary in enumerate(passed, start=1):
        step, _, what = boundary.partition(": ")
        if (every or what.startswith(story.dies_after)) and (not story.dies_in or step in story.dies_in):
            yield number


def _compare(boundary: str, expected: Ending, found: Ending, outside: Outside, figures: Figures) -> None:
    figures.deaths += 1
    figures.repeated_messages += _repeated(expected, found)
    figures.second_calls += max(0, len(outside.mail.removals) - 1)
    figures.faults += [f"{boundary}: {fault}" for fault in _faults(boundary, expected, found, outside)]


async def _ending(url: str, outside: Outside) -> Ending:
    async with opened(url) as database:
        return await ending_of(World(database, TIMING, outside))


def _faults(boundary: str, expected: Ending, found: Ending, outside: Outside) -> Iterator[str]:
    for name in ("status", "decision", "decisions", "tasks"):
        if getattr(expected, name) != getattr(found, name):
            yield f"{name} {getattr(found, name)} instead of {getattr(expected, name)}"
    if not 0 <= _repeated(expected, found) <= 1:
        yield f"messages {found.messages} instead of {expected.messages}"
    yield from found.untrue
    mail = outside.mail
    assert isinstance(mail, LaggingMail)
    if mail.effective != int(found.decision is not None and found.decision.approved):
        yield f"{mail.effective} effective removals"
    if len(mail.removals) > 1 and not boundary.endswith(_OUTCOME_UNKNOWN):
        yield "Remove was called again though its outcome was known"
    if any(minutes * 60 < TIMING.unblock_grace.total_seconds() for minutes in apart(mail.removals)):
        yield "Remove was called again within the grace"
    if not all(mail.listed_at_call):
        yield "Remove was called for a sender who was not listed"


_OUTCOME_UNKNOWN = ("after mail unblock", "before the commit")
"""Right before the commit that records an outcome, the outcome is as unknown as right after the call."""


def _repeated(expected: Ending, found: Ending) -> int:
    return sum(found.messages.values()) - sum(expected.messages.values())
