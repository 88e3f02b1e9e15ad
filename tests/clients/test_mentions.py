"""Whom a request mentions, from the approvers' group."""

from datetime import timedelta
from typing import Any

import pytest

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.mentions import MembersMentioned, TagMentioned
from services.clients.http import ApiClient
from services.domain.mention import Mention
from services.domain.people import PersonId
from services.ports.errors import Unavailable
from tests.dialogs.fake_clock import FakeClock
from tests.service import Service, says

NOBODY: frozenset[PersonId] = frozenset()


def member(identity: Any, name: Any, **change: Any) -> dict[str, Any]:
    return {"id": identity, "displayName": name, "accountEnabled": True, "userType": "Member", **change}


GROUP = [
    member("3", "Cleo"),
    member("2", "bo"),
    member("4", "Fay", accountEnabled=False),
    member("5", "Gil", userType="Guest"),
    member("1", None),
    member(None, "Nobody"),
]


def members(api: ApiClient, most: int, clock: FakeClock) -> MembersMentioned:
    return MembersMentioned(GraphDirectory(api), "g", most, clock)


async def test_those_who_may_decide_by_name_up_to_the_number(api: ApiClient, service: Service) -> None:
    service.answers(says({"value": GROUP}))
    mentioned = await members(api, 2, FakeClock()).of_approvers(frozenset({PersonId("1")}))
    assert mentioned == (Mention(id="2", name="bo"), Mention(id="3", name="Cleo"))
    assert service.asked[0].path == "/v1.0/groups/g/transitiveMembers/microsoft.graph.user"


async def test_a_wave_of_requests_reads_the_group_once_in_five_minutes(api: ApiClient, service: Service) -> None:
    service.answers(says({"value": GROUP}), says({"value": GROUP[:1]}))
    clock = FakeClock()
    mentions = members(api, 5, clock)
    for _ in range(200):
        assert len(await mentions.of_approvers(NOBODY)) == 3
    clock.time += timedelta(minutes=5)
    assert await mentions.of_approvers(NOBODY) == (Mention(id="3", name="Cleo"),)
    clock.time -= timedelta(days=1)
    await mentions.of_approvers(NOBODY)
    assert len(service.asked) == 3


@pytest.mark.parametrize("answer", [says({}, 403), says({"value": 7}), says([]), says({"error": {}}, 404)])
async def test_a_group_that_cannot_be_read_is_tried_later(api: ApiClient, service: Service, answer: Any) -> None:
    service.answers(answer)
    with pytest.raises(Unavailable):
        await members(api, 5, FakeClock()).of_approvers(NOBODY)


async def test_a_tag_stands_for_whom_teams_knows() -> None:
    tag = Mention(id="t", name="On duty", is_tag=True)
    assert await TagMentioned(tag).of_approvers(frozenset({PersonId("t")})) == (tag,)
