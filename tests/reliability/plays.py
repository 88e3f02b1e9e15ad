"""Stories played to their end, with one death on the way or none."""

from collections.abc import Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.domain.people import TeamsUser
from services.domain.restriction import RestrictedList
from services.domain.unknown import UnknownReason
from services.ports.microsoft365 import Removal
from tests.cases import ANA, BO, HOUR, MINUTE, NOW, person
from tests.databases import Databases
from tests.dialogs.fake_mail import FakeMail
from tests.dialogs.outside import Outside
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, LONG_DAYS, everything_well
from tests.no_driver import opened
from tests.reliability.mortal import Crash, Life, MortalWorld

TIMING = replace(LONG_DAYS, watch_for=HOUR, ask_again_after=HOUR)
LEASES_ARE_OVER = timedelta(seconds=61)

Step = Callable[[MortalWorld], Awaitable[object]]


@dataclass(kw_only=True)
class LaggingMail(FakeMail):
    """A list that goes on showing an unblocked sender for a while, as the real one does."""

    lag: timedelta = timedelta()
    lifted: dict[str, datetime] = field(default_factory=dict)
    listed_at_call: list[bool] = field(default_factory=list)
    effective: int = 0

    async def restricted(self) -> RestrictedList:
        for address, at in self.lifted.items():
            if self.clock.now() - at >= self.lag:
                self.entries.pop(address, None)
        return await super().restricted()

    async def unblock(self, address: str, note: str) -> Removal:
        self.listed_at_call.append(address in self.entries)
        if address in self.entries and address not in self.lifted:
            self.effective += 1
            self.lifted[address] = self.clock.now()
        return await super().unblock(address, note)


@dataclass(frozen=True, kw_only=True)
class Story:
    """The steps of a story, each repeated after a death in it. `before` are the steps up to there, without a death."""

    name: str
    before: tuple[tuple[str, Step], ...] = ()
    steps: tuple[tuple[str, Step], ...]
    lag: timedelta = timedelta()
    dies_in: tuple[str, ...] = ()
    """The steps in which deaths are tried; empty for all."""
    dies_after: str = "after"
    """What the boundaries after which they are tried begin with."""

    def outside(self) -> Outside:
        """The scripted world: Ana restricted, and an audit log that may not be searched; the deaths around a search are
        played in `tests/dialogs/test_audit.py`."""
        well = everything_well()
        well.audit_log.troubles = {"begin": UnknownReason.NO_PERMISSION}
        mail = LaggingMail(clock=well.clock, lag=self.lag, keeps_listing=self.lag > timedelta())
        mail.restrict(ANAS_ADDRESS)
        return replace(well, mail=mail)


def says(who: TeamsUser, words: str) -> Step:
    return lambda w: w.says(who, words)


def presses(who: TeamsUser, verb: str, **inputs: str) -> Step:
    return lambda w: w.presses(who, verb, 1, None, **inputs)


def until(span: timedelta) -> Step:
    """Time passes up to that long after the story's beginning; a death on the way does not add to it."""
    return lambda w: w.passes(max(NOW + span - w.clock.time, timedelta()))


async def _resets_her_password(w: MortalWorld) -> None:
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())


async def _list_away(w: MortalWorld) -> None:
    w.mail.trouble = UnknownReason.TIMED_OUT


async def _list_back(w: MortalWorld) -> None:
    w.mail.trouble = None


_REQUEST: tuple[tuple[str, Step], ...] = (
    ("asks", says(ANA_CLICKS, "why can't I send email? 550 5.1.8 Access denied, bad outbound sender")),
    ("new password", _resets_her_password),
    ("password", presses(ANA_CLICKS, "password_done")),
    ("mfa", presses(ANA_CLICKS, "mfa_done")),
    ("mailing", presses(ANA_CLICKS, "mailing_no")),
    ("send", presses(ANA_CLICKS, "send", note="our newsletter")),
)
_APPROVE = ("approve", presses(BO, "approve", by_another_route="true", ground="called her"))
REQUEST = Story(name="request", steps=(*_REQUEST, ("withdraw", says(ANA_CLICKS, "withdraw"))))
GOOD_DAY = Story(
    name="good day",
    before=_REQUEST,
    steps=(
        _APPROVE,
        ("checks", until(HOUR / 2)),
        ("works", presses(ANA_CLICKS, "works")),
        ("watch", until(TIMING.watch_for + HOUR)),
    ),
)
LAGGING = Story(
    name="lagging list",
    before=_REQUEST,
    steps=(_APPROVE, ("checks", until(3 * HOUR))),
    lag=20 * MINUTE,
    dies_in=("approve",),
)
INTENDED = Story(
    name="intended",
    before=_REQUEST,
    steps=(
        ("list away", _list_away),
        _APPROVE,
        ("list back", _list_back),
        ("decided", until(MINUTE / 4)),
        ("checks", until(HOUR / 2)),
    ),
    dies_in=("approve", "decided"),
    dies_after="after the commit",
)
"""The list cannot be read at the click of the approval, and can soon after."""
DENIED = Story(
    name="denied",
    before=_REQUEST,
    steps=(
        ("ask", presses(BO, "ask", words="which tool?")),
        ("reply", presses(ANA_CLICKS, "reply", words="our own")),
        ("reminder", until(TIMING.remind_after + MINUTE)),
        ("deny", presses(BO, "deny", reason="Come to the help desk", internal="looks odd")),
    ),
)
STORIES = (REQUEST, GOOD_DAY, LAGGING, INTENDED, DENIED)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A story at the point where its deaths begin: a filled database and the world outside."""

    story: Story
    url: str
    outside: Outside


async def scene_of(story: Story, databases: Databases) -> Scene:
    """Plays the steps before the deaths, once."""
    url, outside = databases.fresh(), story.outside()
    await _live(story.before, Life(), outside, url)
    return Scene(story=story, url=url, outside=outside)


async def play(scene: Scene, url: str, dies_at: int | None = None) -> tuple[Life, Outside]:
    """Plays the scene to its end in the database of `url`; a process that dies is followed by one that lives."""
    first, outside = Life(dies_at=dies_at), deepcopy(scene.outside)
    rest = await _live(scene.story.steps, first, outside, url)
    if rest is not None:
        await _live(rest, Life(), outside, url, again=True)
    return first, outside


async def _live(
    steps: Sequence[tuple[str, Step]], life: Life, outside: Outside, url: str, *, again: bool = False
) -> Sequence[tuple[str, Step]] | None:
    """Runs one process to its death or the story's end; returns the steps that are left."""
    async with opened(url) as database:
        world = MortalWorld(database, life, TIMING, outside)
        for index, (name, step) in enumerate(steps):
            life.step = name
            try:
                await step(world)
                if again and index == 0:
                    await world.passes(LEASES_ARE_OVER)
            except (Crash, BaseExceptionGroup):
                if not life.dead:
                    raise
                return steps[index:]
    return None
