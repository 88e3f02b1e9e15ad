"""The messaging endpoint: one defined response for each request, no details for strangers, slow and failing turns."""

import asyncio
import json
import logging
from typing import Any

import pytest

from bot.web import RequestLimits
from cards.notices import remark
from dialogs.conversations.inbound import Clicked, Said
from services.domain.case.parts import CaseNumber
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, UnreadableCase
from services.ports.readiness import Complaint, Trouble
from tests.bot.door import REFERENCE, activity, doorway, token

GOOD = f"Bearer {token()}"
CARD_TYPE = b"application/vnd.microsoft.card.adaptive"
INVOKE = activity(
    type="invoke",
    name="adaptiveCard/action",
    value={"action": {"type": "Action.Execute", "verb": "approve", "data": {"case": 17, "reason": "x"}}},
)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"[" * 200_000, b"NaN"])
async def test_a_body_that_is_no_object_is_400(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with doorway() as door:
        assert await door.post(body, GOOD) == (400, b"")
        assert len(caplog.records) == 1
        assert door.turns.came == []


async def test_the_token_is_validated_before_the_body(caplog: pytest.LogCaptureFixture) -> None:
    async with doorway() as door:
        assert await door.post(b"{" * 300_000) == (401, b"")
        assert await door.post(b"x" * 600_000, GOOD) == (413, b"")
        assert await door.post(kind="text/plain", authorization=GOOD) == (415, b"")
        assert len(caplog.records) == 3


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_are_405_and_other_paths_404(method: str) -> None:
    async with doorway() as door:
        async with door.session.request(method, f"{door.url}/api/messages") as response:
            assert response.status == 405
        async with door.session.request(method, f"{door.url}/elsewhere") as response:
            assert response.status == 404


async def test_health_and_readiness() -> None:
    async with doorway() as door:
        async with door.session.get(f"{door.url}/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "alive"})
        async with door.session.get(f"{door.url}/readyz") as response:
            assert response.status == 200
        door.complaints.append(Complaint(about=Trouble.CHANNEL_MISSING, text="No approvals channel"))
        async with door.session.get(f"{door.url}/readyz") as response:
            # The message that sets a channel must reach us.
            assert (response.status, await response.json()) == (
                200,
                {"ready": True, "complaints": ["No approvals channel"]},
            )
        door.complaints.append(Complaint(about=Trouble.DATABASE, text="No database", blocks=True))
        async with door.session.get(f"{door.url}/readyz") as response:
            assert response.status == 503
            assert (await response.json())["complaints"] == ["No approvals channel", "No database"]


async def test_a_message_is_acknowledged_only_once_it_was_processed() -> None:
    """Teams does not send an acknowledged message again, so it is acknowledged only after it was processed."""
    async with doorway() as door:
        go = asyncio.Event()
        door.turns.behave = go.wait
        posted = asyncio.create_task(door.post(authorization=GOOD))
        await until(lambda: door.turns.came)
        assert not posted.done()
        go.set()
        assert await posted == (200, b"")


async def test_a_slow_message_goes_on_behind_its_answer() -> None:
    async with doorway(limits=RequestLimits(answer_within=0.2)) as door:
        begun, go = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            begun.set()
            await go.wait()

        door.turns.behave = slow
        assert await door.post(authorization=GOOD) == (200, b"")
        await asyncio.wait_for(begun.wait(), 5)
        go.set()
        assert isinstance(door.turns.came[0], Said)


async def test_a_click_is_answered_with_its_card() -> None:
    async with doorway() as door:
        status, body = await door.post(INVOKE, GOOD)
        assert status == 200
        assert CARD_TYPE in body
        (came,) = door.turns.came
        assert isinstance(came, Clicked)
        assert (came.verb, came.number, came.inputs) == ("approve", 17, {"reason": "x"})


async def test_a_remark_is_said_below_the_card_which_stays() -> None:
    async with doorway() as door:

        async def remarks() -> Any:
            return remark("Press again.")

        door.turns.behave = remarks
        status, body = await door.post(INVOKE, GOOD)
        said = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Press again."}
        assert (status, json.loads(body)) == (200, said)


async def test_a_slow_click_is_told_that_it_goes_on() -> None:
    async with doorway(limits=RequestLimits(answer_within=0.2)) as door:
        done = asyncio.Event()

        async def slow() -> Any:
            await asyncio.sleep(0.5)
            done.set()

        door.turns.behave = slow
        status, body = await door.post(INVOKE, GOOD)
        assert (status, b"busy" in body) == (200, True)
        await asyncio.wait_for(done.wait(), 5)


async def test_the_same_activity_again_joins_the_first() -> None:
    async with doorway() as door:

        async def slow() -> Any:
            await asyncio.sleep(0.3)
            return {"n": len(door.turns.came)}

        door.turns.behave = slow
        answers = await asyncio.gather(*(door.post(INVOKE, GOOD) for _ in range(5)))
        assert len(door.turns.came) == 1
        assert len({body for _, body in answers}) == 1


async def test_a_bug_is_answered_with_its_reference_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async with doorway() as door:

        async def broken() -> Any:
            raise ZeroDivisionError("secret words of a person")

        door.turns.behave = broken
        status, body = await door.post(INVOKE, GOOD)
        assert status == 200
        assert REFERENCE.encode() in body
        assert b"ZeroDivision" not in body
        await door.post(activity(id="2"), GOOD)
        await until(lambda: door.turns.sorry == [f"broken {REFERENCE}"])
        assert caplog.text.count(f"reference {REFERENCE}") == 2


TROUBLES = [Unavailable(UnknownReason.TIMED_OUT, "database"), UnreadableCase(CaseNumber(17), "its schema is newer")]


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
async def test_what_is_no_bug_is_logged_in_one_line_and_told(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async with doorway() as door:

        async def away() -> Any:
            raise trouble

        door.turns.behave = away
        await door.post(authorization=GOOD)
        await until(lambda: bool(door.turns.sorry))
        assert "Traceback" not in caplog.text
        assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_too_much_at_once_is_429() -> None:
    async with doorway(limits=RequestLimits(at_once=2, answer_within=0.2)) as door:
        go = asyncio.Event()
        door.turns.behave = go.wait
        statuses = [(await door.post(activity(id=str(number)), GOOD))[0] for number in range(4)]
        go.set()
        assert statuses == [200, 200, 429, 429]


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "typing"},
        {"type": "messageReaction"},
        {"type": "messageUpdate"},
        {"type": "messageDelete"},
        {"type": "event"},
        {"type": 7},
        {"type": None},
        {"conversation": None},
        {"conversation": {"id": "x" * 600}},
        {"conversation": {"id": "a:1", "conversationType": "new kind"}},
        {"type": "invoke", "name": "task/fetch"},
    ],
)
async def test_what_means_nothing_to_us_is_taken_quietly(odd: dict[str, Any]) -> None:
    async with doorway() as door:
        status, _ = await door.post(activity(**odd), GOOD)
        assert status == 200
        assert door.turns.came == []


async def test_a_body_that_never_ends_is_given_up() -> None:
    async with doorway(limits=RequestLimits(body_within=0.3)) as door:
        host, port = door.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Authorization: " + GOOD.encode() + b"\r\nContent-Length: 100\r\n\r\n{"
        )
        assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        await writer.wait_closed()


async def until(predicate: Any) -> None:
    async with asyncio.timeout(5):
        while not predicate():  # noqa: ASYNC110 - it happens in another task, which sets no event
            await asyncio.sleep(0.01)


async def test_what_is_in_hand_is_finished_at_the_end() -> None:
    finished = asyncio.Event()

    async def slow() -> None:
        await asyncio.sleep(0.3)
        finished.set()

    async with doorway(limits=RequestLimits(answer_within=0.1)) as door:
        door.turns.behave = slow
        await door.post(authorization=GOOD)
    assert finished.is_set()
