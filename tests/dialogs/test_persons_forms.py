"""The person's forms: what cannot be read is asked for again where it was typed, and a slip takes nothing back."""

from collections.abc import Iterator
from typing import Any

from cards.elements import Inputs
from dialogs.conversations.inbound import Clicked, ConversationKind
from services.domain.case.status import Status
from tests.dialogs.world import ANA_CLICKS, World

A_LOT: Inputs = {"recipients": "about a lot", "to_whom": "customers", "until": "2026-12-24"}


async def at_the_mailing(w: World) -> None:
    await w.ana_asks()
    for verb in ("password_cannot", "mfa_cannot"):
        await w.presses(ANA_CLICKS, verb)


def clicked(w: World) -> Clicked:
    where = ConversationKind.PERSONAL
    return Clicked(
        by=ANA_CLICKS,
        verb="mailing_yes",
        number=1,
        inputs=A_LOT,
        kind=where,
        conversation=w.conversation(ANA_CLICKS, where),
        activity=w.activity(ANA_CLICKS),
    )


def fields_of(part: Any) -> Iterator[dict[str, Any]]:
    """Every field within a part of a card."""
    if isinstance(part, dict) and str(part.get("type")).startswith("Input."):
        yield part
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from fields_of(inner)


async def test_a_count_without_a_number_is_asked_for_again_with_all_that_was_typed(w: World) -> None:
    await at_the_mailing(w)
    seen = await w.presses(ANA_CLICKS, "mailing_yes", 1, None, **A_LOT)
    assert "That is not a number of recipients" in seen
    assert "Save | Back" in seen
    assert (await w.case()).proofs.mailing is None
    answer = await w.router.clicked(clicked(w))
    typed = {field["id"]: field["value"] for field in fields_of(answer) if "value" in field}
    assert typed == A_LOT
    assert "recipients: about 40" in await w.presses(
        ANA_CLICKS, "mailing_yes", 1, None, **{**A_LOT, "recipients": "about 40"}
    )


async def test_the_question_and_its_other_answers_stand_beside_the_open_form(w: World) -> None:
    await at_the_mailing(w)
    seen = await w.presses(ANA_CLICKS, "mailing_yes", 1, None, **A_LOT)
    assert "Did you send a message to many people" in seen
    assert "Yes | No | I don't know" in seen
    await w.presses(ANA_CLICKS, "mailing_no")
    assert (await w.case()).proofs.mailing is not None


async def test_none_at_all_and_a_number_too_long_are_asked_for_again_too(w: World) -> None:
    await at_the_mailing(w)
    for count in ("0", "123456789012"):
        assert "is not a number of recipients" in await w.presses(ANA_CLICKS, "mailing_yes", recipients=count)
    assert "is not a number of recipients" in await w.presses(ANA_CLICKS, "mailing_yes", recipients="  ")


async def test_withdrawing_asks_once(w: World) -> None:
    await w.ana_has_sent()
    card = w.sheets(ANA_CLICKS)[-1].card
    (withdraw,) = (button for button in card["actions"] if button["title"] == "Withdraw")
    assert withdraw["type"] == "Action.ShowCard"
    assert [button["verb"] for button in withdraw["card"]["actions"]] == ["withdraw"]
    assert await w.status() is Status.WAITING
    await w.presses(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.WITHDRAWN
