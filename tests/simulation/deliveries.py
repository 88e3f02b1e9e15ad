"""Teams between people and the processes: an activity goes to any that lives, and again where none acknowledges it."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from dialogs.conversations.inbound import Clicked, Reply, Said
from services.domain.people import TeamsUser
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import ActivityId
from tests.simulation.outside import Outside
from tests.simulation.replica import Replica

HEARD: ContextVar[ActivityId | None] = ContextVar("heard", default=None)
"""The activity that a process is answering."""

_GIVES_UP_AFTER, _SENDS_AGAIN = 15.0, 2
"""Teams gives up on an answer, and sends what was not acknowledged again."""


@dataclass(kw_only=True)
class Deliveries:
    """`heard` are the activities so far, and `verbs` the button of each click."""

    outside: Outside
    replicas: list[Replica]
    chance: Random
    note: Callable[[str], None]
    heard: list[tuple[Said | Clicked, datetime]] = field(default_factory=list)
    verbs: dict[ActivityId, str] = field(default_factory=dict)

    def _activity(self, by: TeamsUser) -> ActivityId:
        return ActivityId(conversation_id=f"a:{by.id}", activity_id=str(len(self.heard) + 1))

    def _send(self, activity: Said | Clicked) -> None:
        self.heard.append((activity, self.outside.clock.now()))
        if isinstance(activity, Clicked):
            self.verbs[activity.activity] = activity.verb
        self._deliver(activity)

    def _deliver(self, activity: Said | Clicked) -> None:
        self.outside.begun.append(asyncio.get_running_loop().create_task(self._delivered(activity)))

    async def _delivered(self, activity: Said | Clicked) -> None:
        for _ in range(1 + _SENDS_AGAIN):
            alive = [replica for replica in self.replicas if replica.built is not None]
            if alive:
                replica = self.chance.choice(alive)
                done, _late = await asyncio.wait(
                    [replica.spawn(self._hears(replica, activity))], timeout=_GIVES_UP_AFTER
                )
                if done:
                    return
            else:
                await asyncio.sleep(_GIVES_UP_AFTER)
            self.note(f"{activity.by.name}'s activity {activity.activity.activity_id} is sent again")

    async def _hears(self, replica: Replica, activity: Said | Clicked) -> None:
        HEARD.set(activity.activity)
        built = replica.built
        assert built is not None
        try:
            if isinstance(activity, Clicked):
                card = await built.router.clicked(activity)
            else:
                answer = await built.router.said(activity)
                card = answer.card if isinstance(answer, Reply) else {}
        except (Unavailable, Unreachable) as trouble:
            self.note(f"{activity.by.name} is told: {trouble}")
        except Exception as bug:  # noqa: BLE001 - a bug of the product is what is looked for
            self.outside.bugs.append(f"{activity}: {bug!r}")
        else:
            self.outside.messenger.saw(activity.conversation, card)
