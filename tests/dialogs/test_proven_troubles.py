"""A trouble that is over is seen in message trace, for the kinds that a delivered message proves; else word ends it."""

import asyncio
from datetime import datetime

import pytest

from dialogs.conversations.inbound import ConversationKind
from sandbox import texts
from services.domain.case.status import Status
from services.domain.delivery.traced import TracedRow, TracedStatus
from services.domain.people import PersonId, TeamsUser
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, MINUTE, person
from tests.dialogs.test_troubles import BOUNCE, DEVICE, ELI, FAY, TENANT, _chat, _knows, _tells
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, LONG_DAYS, World, button_data

OUTSIDE, INSIDE = "guest@fabrikam.example", "cleo@contoso.example"
CHAT = ConversationKind.PERSONAL


def _mails(w: World, sender: str = ANAS_ADDRESS, to: str = OUTSIDE) -> datetime:
    """A message that is delivered at this moment; returns when."""
    now = w.clock.now()
    row = TracedRow(
        message=f"m{len(w.traces.rows)}", sender=sender, recipient=to, at=now, status=TracedStatus.DELIVERED
    )
    w.traces.rows.append(row)
    return now


async def test_a_delivered_message_ends_a_bounce_that_went_on_and_both_cards_say_proven(w: World) -> None:
    await _tells(w, ANA_CLICKS, BOUNCE)
    await w.passes(HOUR)
    await w.presses(ANA_CLICKS, "tell")
    sent = _mails(w)
    await w.passes(4 * HOUR)
    case = await w.case()
    assert (case.status, case.delivery.proven_at) == (Status.SOLVED, sent)
    assert "Confirmed: a message sent" in w.approvers_see()
    assert "Confirmed: a message sent" in _chat(w)


async def test_it_may_be_over_before_the_admins_are_told(w: World) -> None:
    await _tells(w, ANA_CLICKS, BOUNCE)
    await w.passes(MINUTE)
    _mails(w)
    await w.passes(10 * MINUTE)
    assert (await w.case()).status is Status.SOLVED
    assert not w.posts()


async def test_a_message_of_before_the_last_word_proves_nothing(w: World) -> None:
    await _tells(w, ANA_CLICKS, BOUNCE)
    w.traces.lag = HOUR / 2
    _mails(w)
    await w.passes(MINUTE)
    await w.says(ANA_CLICKS, BOUNCE)
    await w.passes(3 * HOUR)
    assert (await w.case()).status is Status.LAGGING


async def test_mail_inside_says_nothing_of_an_organisation_that_is_blocked_outside(w: World) -> None:
    _knows(w, ELI)
    _knows(w, FAY)
    for who in (ANA_CLICKS, ELI, FAY):
        await _tells(w, who, TENANT)
    await w.passes(MINUTE)
    _mails(w, to=INSIDE)
    await w.passes(4 * HOUR)
    assert (await w.case()).status is Status.REPORTED
    sent = _mails(w, sender="elipark@contoso.example")
    await w.passes(8 * HOUR)
    assert (await w.case()).delivery.proven_at == sent
    for who in (ANA_CLICKS, ELI, FAY):
        assert "Confirmed: a message sent" in _chat(w, who), who.name


@pytest.mark.parametrize(
    "bounce",
    [
        DEVICE,
        "550 5.7.60 Client does not have permissions to send as this sender",
        "550 5.7.520 Access denied, Your organization does not allow external forwarding",
    ],
    ids=["a device", "another mailbox", "a forward"],
)
async def test_mail_that_takes_another_way_proves_nothing_and_word_ends_it(w: World, bounce: str) -> None:
    await _tells(w, ANA_CLICKS, bounce)
    _mails(w)
    await w.passes(8 * HOUR)
    assert (await w.case()).status is Status.REPORTED
    assert not w.traces.asked_for_messages
    await w.presses(ANA_CLICKS, "works")
    assert "Reported as working; no delivered message has confirmed it" in w.approvers_see()
    assert "Reported as working" in _chat(w)


async def test_without_the_right_to_the_trace_both_cards_say_that_word_alone_ends_it(w: World) -> None:
    w.traces.troubles = {"messages": UnknownReason.NO_PERMISSION}
    await _tells(w, ANA_CLICKS, TENANT)
    _mails(w)
    await w.passes(8 * HOUR)
    assert (await w.case()).status is Status.REPORTED
    assert "closes on the sender's word alone" in w.approvers_see()
    assert "please tell me when it works" in _chat(w)


async def test_the_trace_is_asked_a_bounded_number_of_times(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    await w.passes(60 * HOUR)
    planned = [after for after in LONG_DAYS.prove_after if after < LONG_DAYS.expire_after]
    assert len(w.traces.asked_for_messages) == len(planned)


async def test_a_wave_from_forty_devices_at_once_is_one_case(w: World) -> None:
    people = [
        TeamsUser(id=PersonId(f"00000000-0000-4000-8000-0000000002{n:02}"), name=f"Device {n}") for n in range(40)
    ]
    for who in people:
        w.directory.people[who.id] = person(
            id=who.id, name=who.name, upn="", addresses=(f"d{who.name[7:]}@contoso.example",)
        )
    await w.says(people[0], DEVICE)
    data = button_data([sheet.card for sheet in reversed(w.messenger.sheets)], "report")
    assert data is not None
    await asyncio.gather(*(w.only_presses(who, "report", 0, CHAT, data) for who in people))
    await w.passes()
    trouble = (await w.case()).trouble
    assert trouble is not None
    assert len({one.person for one in trouble.reports}) == 40
    assert len(w.posts()) == 1
    assert "39 more people have the same problem" in texts(w.posts()[-1].card)


async def test_who_joined_asks_how_it_stands_and_sees_the_case_they_joined(w: World) -> None:
    _knows(w, ELI)
    await _tells(w, ANA_CLICKS, TENANT)
    await _tells(w, ELI, TENANT)
    await w.presses(BO, "ticket", reference="26112400")
    said = await w.says(ELI, "status")
    assert "26112400" in said
