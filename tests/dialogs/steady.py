"""The same few people again and again, and what the process keeps of it: nothing."""

import gc
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.card import Card
from services.domain.people import PersonId, TeamsUser
from services.ports.teams import ConversationRef, Posted
from tests.dialogs.fake_teams import FakeMessenger
from tests.dialogs.rounds import run_due
from tests.dialogs.world import LONG_DAYS, World, approver, everything_well

_OURS = ("bot.", "cards.", "dialogs.", "services.")
_PAUSE = timedelta(seconds=10)


@dataclass(kw_only=True)
class ForgetfulMessenger(FakeMessenger):
    """Teams, which keeps its messages to itself."""

    posts: int = 0

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        self.posts += 1
        return Posted(conversation=conversation, activity=str(self.posts))

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        return True


class Steady(World):
    """People who ask, ask for help, and press a button, in turn."""

    def __init__(self, database: Database, people: int = 10) -> None:
        super().__init__(database, LONG_DAYS, replace(everything_well(), messenger=ForgetfulMessenger()))
        self.people: Sequence[TeamsUser] = [
            TeamsUser(id=PersonId(f"00000000-0000-4000-9000-{number:012d}"), name=f"P{number} Test")
            for number in range(people)
        ]
        for who in self.people:
            self.directory.people[who.id] = approver(who)
            self.mail.restrict(approver(who).addresses[0])

    async def turns(self, many: int) -> None:
        """So many turns, and the messages that follow from them."""
        chat = ConversationKind.PERSONAL
        for number in range(many):
            which = number % len(self.people)
            who = self.people[which]
            match number // len(self.people) % 3:
                case 0:
                    await self.only_says(who, "my mail bounces", chat)
                case 1:
                    await self.only_says(who, "help", chat)
                case _:
                    await self.only_presses(who, "withdraw", which + 1, chat, {})
                    await run_due(self.workers[0])
            self.clock.time += _PAUSE


def descriptors() -> int:
    """How many files, sockets and pipes this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def memory() -> int:
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def live() -> Counter[str]:
    """How many objects of each of our own classes are alive."""
    gc.collect()
    names = (f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return Counter(name for name in names if name.startswith(_OURS))
