"""A card that Teams does not take is that card's fault: a short one stands in its place, the channel stays found."""

import logging

import pytest

from services.domain.case.status import Status
from tests.cases import BO
from tests.dialogs.world import World

SHORT_ONES_ONLY = 1_000
"""Bytes: less than any card of a case has, more than the short one."""


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "sendwell.cards"]


async def test_a_request_whose_card_is_refused_is_seen_and_decided_all_the_same(
    w: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    w.messenger.takes_at_most = SHORT_ONES_ONLY
    await w.ana_has_sent()
    assert "Waiting for a decision. Teams did not accept this card" in w.approvers_see()
    assert "approve 1 reason" in w.approvers_see()
    assert "With the admins. Teams did not accept this card" in w.ana_sees()
    assert await w.conversations.loss() is None
    await w.presses(BO, "looking")
    for_approvers = [line for line in said(caplog) if "for approvers" in line]
    assert for_approvers == ["case 1: Teams does not take the card for approvers: 413 MessageSizeTooBig"]
    await w.commands(BO, "approve 1 called: it was her newsletter")
    assert await w.status() is Status.UNBLOCKED
    assert said(caplog).count(for_approvers[0]) == 1


async def test_once_it_is_taken_the_whole_card_is_back_in_its_place(w: World) -> None:
    w.messenger.takes_at_most = SHORT_ONES_ONLY
    await w.ana_has_sent()
    posts = len(w.posts())
    w.messenger.takes_at_most = 28 * 1024
    await w.presses(BO, "looking")
    assert "did not take" not in w.approvers_see()
    await w.bo_approves()
    assert "Approved by Bo" in w.approvers_see()
    assert len(w.posts()) == posts


async def test_where_not_even_a_short_card_is_taken_it_is_the_channel(w: World) -> None:
    w.messenger.takes_at_most = 10
    await w.ana_has_sent()
    loss = await w.conversations.loss()
    assert loss is not None
    assert loss.reason == "413 MessageSizeTooBig"
    w.messenger.takes_at_most = 28 * 1024
    await w.passes(w.timing.lease)
    assert "Waiting for a decision" in w.approvers_see()
    assert await w.conversations.loss() is None
