"""The PowerShell session: it is started, asked one line at a time, lost, started anew and ended."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from services.clients.exchange.powershell import Limits, PowerShellModule
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.clients.pwsh import HANGS, Pwsh, Turn, connects, dies, finds, refuses, until

LIST, REMOVE = "Get-BlockedSenderAddress", "Remove-BlockedSenderAddress"
ROW = {"SenderAddress": "ana@contoso.example"}
LONG = Limits(end=timedelta(seconds=30))
SHORT_CALL = Limits(call=timedelta(seconds=0.05), end=timedelta())


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def pwsh(tmp_path: Path) -> Pwsh:
    return Pwsh(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opener = Callable[..., Awaitable[PowerShellModule]]


@pytest_asyncio.fixture
async def opened(pwsh: Pwsh, clock: Clock) -> AsyncIterator[Opener]:
    """Opens the module once the test has planned what the stand-in does; closes it in the end."""
    modules: list[PowerShellModule] = []

    async def open_module(limits: Limits = LONG) -> PowerShellModule:
        module = PowerShellModule(pwsh.launch, limits, clock)
        modules.append(module)
        return await module.__aenter__()

    yield open_module
    for module in modules:
        await module.__aexit__(None, None, None)


async def trouble_of(module: PowerShellModule, cmdlet: str = LIST, *, repeat: bool = True) -> Unavailable:
    with pytest.raises(Unavailable) as trouble:
        await module.run(cmdlet, {}, repeat=repeat)
    return trouble.value


async def test_one_process_connects_once_and_answers_every_call(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.answers(finds(ROW), finds())
    module = await opened()
    assert [len((await module.run(LIST, {}, repeat=True)).rows) for _ in range(3)] == [1, 0, 0]
    assert pwsh.starts == 1
    assert pwsh.heard[0] == {"life": 0, "id": 1, "app": "app-1"}


async def test_texts_go_there_marked_so_that_no_date_is_made_of_them(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.answers(finds())
    note, others = "2026-11-26T09:00:00Z", ["a@contoso.example", "ü\n\u2028"]
    await (await opened()).run(
        REMOVE, {"Reason": note, "Force": True, "Limit": 7, "To": None, "From": others}, repeat=False
    )
    texts = [f"={other}" for other in others]
    assert pwsh.asked == [
        (REMOVE, {"Reason": f"={note}", "Force": True, "Limit": 7, "To": None, "From": texts}),
    ]


async def test_calls_at_the_same_time_are_asked_one_after_the_other(pwsh: Pwsh, opened: Opener) -> None:
    gate = pwsh.pipe("gate")
    pwsh.answers([("wait", str(gate)), *finds(ROW)], finds())
    module = await opened()
    calls = [asyncio.create_task(module.run(LIST, {"SenderAddress": str(n)}, repeat=True)) for n in range(3)]
    await until(lambda: pwsh.asked)
    assert len(pwsh.asked) == 1
    gate.open()
    assert [len((await call).rows) for call in calls] == [1, 0, 0]
    assert [parameters["SenderAddress"] for _, parameters in pwsh.asked] == ["=0", "=1", "=2"]
    gate.close()


async def test_who_gives_up_during_a_call_leaves_its_answer_to_nobody_else(pwsh: Pwsh, opened: Opener) -> None:
    gate = pwsh.pipe("gate")
    pwsh.answers([("wait", str(gate)), *finds(ROW)], finds())
    module = await opened()
    impatient = asyncio.create_task(module.run(LIST, {}, repeat=True))
    await until(lambda: pwsh.asked)
    impatient.cancel()
    waiting = asyncio.create_task(module.run(LIST, {}, repeat=True))
    gone = asyncio.create_task(module.run(REMOVE, {}, repeat=False))
    await asyncio.wait([impatient])
    gone.cancel()
    gate.open()
    assert (await waiting).rows == ()
    assert [cmdlet for cmdlet, _ in pwsh.asked] == [LIST, LIST], "who gave up before the turn came asked nothing"
    assert pwsh.starts == 1
    gate.close()


async def test_a_call_that_does_not_get_its_turn_in_time_was_not_sent(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.lives([HANGS])
    module = await opened(Limits(turn=timedelta(seconds=0.05), end=timedelta()))
    trouble = await trouble_of(module, REMOVE, repeat=False)
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.TIMED_OUT, False)


async def test_a_write_that_does_not_come_back_is_unclear_and_called_once(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.answers(HANGS)
    trouble = await trouble_of(await opened(SHORT_CALL), REMOVE, repeat=False)
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.TIMED_OUT, True)
    assert pwsh.starts == 1
    assert pwsh.is_gone()


async def test_a_read_that_does_not_come_back_is_asked_once_more_of_a_new_process(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.answers(HANGS)
    trouble = await trouble_of(await opened(SHORT_CALL))
    assert trouble.reason is UnknownReason.TIMED_OUT
    assert pwsh.starts == 2
    assert pwsh.is_gone(0)
    assert pwsh.is_gone(1)


async def test_a_process_that_dies_during_a_read_is_replaced(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.lives([connects(), dies()], [connects(), finds(ROW)])
    assert (await (await opened()).run(LIST, {}, repeat=True)).rows == (ROW,)
    assert pwsh.starts == 2


async def test_a_process_that_dies_during_a_write_leaves_it_unclear(
    pwsh: Pwsh, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    pwsh.lives([connects(), dies("\x1b[31mout of\x07 memory\x1b[0m")], [connects(), finds()])
    module = await opened()
    trouble = await trouble_of(module, REMOVE, repeat=False)
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.UNREACHABLE, True)
    assert "out of memory" in trouble.detail
    assert "\x1b" not in trouble.detail
    assert f"the session was lost during {REMOVE}" in caplog.text
    assert "memory" not in caplog.text, "it may name people"
    assert (await module.run(LIST, {}, repeat=True)).rows == ()
    assert [cmdlet for cmdlet, _ in pwsh.asked] == [REMOVE, LIST]


async def test_a_process_that_died_between_calls_costs_nobody_an_unclear_outcome(pwsh: Pwsh, opened: Opener) -> None:
    gate = pwsh.pipe("gate")
    pwsh.lives([connects(), [*finds(ROW), ("wait", str(gate)), *dies()]], [connects(), finds()])
    module = await opened()
    await module.run(LIST, {}, repeat=True)
    gate.open()
    await until(lambda: module._session is not None and module._session.has_ended)
    assert (await module.run(REMOVE, {}, repeat=False)).rows == ()
    assert [line["life"] for line in pwsh.heard if line.get("cmdlet") == REMOVE] == [1]
    gate.close()


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        (
            dies("Import-Module: the module 'ExchangeOnlineManagement' was not found"),
            ("was not found", "ExchangeOnlineManagement cannot be loaded"),
        ),
        (dies(), ("pwsh ended with 1", "pwsh ended with 1")),
        (refuses("AADSTS700027: the certificate is not registered"), ("login: AADSTS700027", "login: AADSTS700027")),
    ],
    ids=["module missing", "silently", "refused"],
)
async def test_a_start_that_fails_says_why_once_and_nothing_began(
    pwsh: Pwsh, opened: Opener, caplog: pytest.LogCaptureFixture, turn: Turn, says: tuple[str, str]
) -> None:
    words, logged = says
    pwsh.lives([turn])
    with caplog.at_level(logging.WARNING, "sendwell.exchange"):
        module = await opened()
        for _ in range(3):
            trouble = await trouble_of(module, REMOVE, repeat=False)
            assert words in trouble.detail
            assert not trouble.may_have_arrived
    assert len(caplog.records) == 1
    assert logged in caplog.text
    assert "certificate" not in caplog.text


async def test_a_program_that_is_not_there_is_named(pwsh: Pwsh, opened: Opener, tmp_path: Path) -> None:
    missing = str(tmp_path / "pwsh")
    pwsh.launch = replace(pwsh.launch, command=(missing,))
    trouble = await trouble_of(await opened(), REMOVE, repeat=False)
    assert trouble.detail == f"{missing}: No such file or directory"
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.UNREACHABLE, False)


async def test_a_program_that_ends_at_once_is_quoted(pwsh: Pwsh, opened: Opener) -> None:
    code = "import sys; sys.exit('#Requires -Version 7.4')"
    pwsh.launch = replace(pwsh.launch, command=(sys.executable, "-c", code))
    trouble = await trouble_of(await opened(), REMOVE, repeat=False)
    assert trouble.detail == "#Requires -Version 7.4"
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.UNREACHABLE, False)


async def test_who_gives_up_while_it_connects_anew_does_not_end_that(pwsh: Pwsh, opened: Opener) -> None:
    gate = pwsh.pipe("gate")
    pwsh.lives([connects(), dies()], [[("wait", str(gate)), *connects()], finds(ROW)])
    module = await opened()
    await trouble_of(module, REMOVE, repeat=False)
    impatient = asyncio.create_task(module.run(LIST, {}, repeat=True))
    await until(lambda: pwsh.starts == 2)
    impatient.cancel()
    await asyncio.wait([impatient])
    gate.open()
    assert (await module.run(LIST, {}, repeat=True)).rows == (ROW,)
    assert pwsh.starts == 2
    gate.close()


async def test_a_start_that_takes_too_long_is_ended(pwsh: Pwsh, opened: Opener) -> None:
    pwsh.lives([HANGS])
    module = await opened(Limits(connect=timedelta(seconds=0.05), end=timedelta()))
    trouble = await trouble_of(module, REMOVE, repeat=False)
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.TIMED_OUT, False)


async def test_calls_wait_for_a_slow_start(pwsh: Pwsh, opened: Opener) -> None:
    gate = pwsh.pipe("gate")
    pwsh.lives([[("wait", str(gate)), *connects()], finds(ROW)])
    call = asyncio.create_task((await opened()).run(LIST, {}, repeat=True))
    await until(lambda: pwsh.heard)
    assert not call.done()
    gate.open()
    assert (await call).rows == (ROW,)
    gate.close()


async def test_starts_that_fail_come_further_and_further_apart(pwsh: Pwsh, opened: Opener, clock: Clock) -> None:
    starts: list[float] = []

    def hello() -> Mapping[str, object]:
        starts.append(clock.now)
        return {}

    pwsh.launch = replace(pwsh.launch, command=("/no/such/program",), hello=hello)
    module = await opened()
    for _ in range(30):
        await trouble_of(module)
        too_early = await trouble_of(module)
        assert too_early.retry_after is not None
        assert "No such file" in too_early.detail
        clock.now += too_early.retry_after.total_seconds()
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses == [0, 2, 4, 8, 16, 32, 64, 128, 256, *[300] * 21], "when it was opened, at the first call, and later"


async def test_an_answered_call_ends_the_waiting(pwsh: Pwsh, opened: Opener) -> None:
    lost = [connects(), finds(), dies()]
    pwsh.lives(lost)
    module = await opened()
    for _ in range(3):
        await module.run(LIST, {}, repeat=True)
        assert (await trouble_of(module, REMOVE, repeat=False)).may_have_arrived
    assert pwsh.starts == 3


async def test_lines_that_are_no_answer_are_passed_over(
    pwsh: Pwsh, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    noise = 'WARNING: hello\n\n[1]\n{}\n7\nnull\n{"id": 99, "rows": []}\n\x00\xff\n' + "[" * 50_000 + "\n"
    pwsh.answers([("write", noise), ("complain", "x" * 100_000), *finds(ROW)])
    assert (await (await opened()).run(LIST, {}, repeat=True)).rows == (ROW,)
    assert caplog.records == [], "no line breaks the event loop's callback"


@pytest.mark.parametrize("text", ["x\n" * 2_000, "x" * 200_000], ids=["lines", "a line"])
async def test_output_without_end_ends_the_process(pwsh: Pwsh, opened: Opener, text: str) -> None:
    pwsh.answers([("write", text), ("hang", None)])
    trouble = await trouble_of(await opened(), REMOVE, repeat=False)
    assert (trouble.reason, trouble.may_have_arrived) == (UnknownReason.UNREACHABLE, True)
    assert "without end" in trouble.detail
    assert pwsh.is_gone()


async def test_a_cmdlet_without_a_role_is_looked_for_again_later(pwsh: Pwsh, opened: Opener, clock: Clock) -> None:
    pwsh.lives([connects(LIST), finds()], [connects(LIST), finds()], [connects(LIST, REMOVE), finds()])
    module = await opened()
    for starts in (1, 1, 2, 2):
        trouble = await trouble_of(module, REMOVE, repeat=False)
        assert trouble.reason is UnknownReason.NO_PERMISSION
        assert trouble.detail == f"Exchange does not offer {REMOVE} to the app"
        assert pwsh.starts == starts
        clock.now += 450
    await module.run(LIST, {}, repeat=True)
    await module.run(REMOVE, {}, repeat=False)
    assert pwsh.starts == 3
    assert pwsh.ended_in_order(0), "a session that answers is not killed"


@pytest.mark.parametrize(
    "turn",
    [refuses("AADSTS7000222: expired"), refuses("not recognized", type="CommandNotFoundException")],
    ids=["the login", "the cmdlets"],
)
async def test_a_session_that_lost_its_login_or_cmdlets_is_replaced(pwsh: Pwsh, opened: Opener, turn: Turn) -> None:
    pwsh.lives([connects(), turn], [connects(), finds(ROW)])
    module = await opened()
    assert not (await trouble_of(module, REMOVE, repeat=False)).may_have_arrived
    assert (await module.run(LIST, {}, repeat=True)).rows == (ROW,)
    assert pwsh.starts == 2


async def test_closing_ends_an_idle_process_by_ending_its_input(pwsh: Pwsh) -> None:
    pwsh.answers(finds())
    async with PowerShellModule(pwsh.launch, LONG) as module:
        await module.run(LIST, {}, repeat=True)
    assert pwsh.ended_in_order()
    assert pwsh.is_gone()


async def test_closing_ends_a_process_that_hears_nothing(pwsh: Pwsh) -> None:
    pwsh.answers([("ignore SIGTERM", None), ("hang", None)])
    async with PowerShellModule(pwsh.launch, Limits(end=timedelta(seconds=0.05))) as module:
        call = asyncio.create_task(module.run(REMOVE, {}, repeat=False))
        await until(lambda: pwsh.asked)
    await asyncio.wait([call])
    assert call.cancelled()
    assert pwsh.is_gone()
    trouble = await trouble_of(module)
    assert (trouble.may_have_arrived, pwsh.starts) == (False, 1), "a closed module starts nothing"


async def test_closing_while_it_connects_leaves_no_process(pwsh: Pwsh) -> None:
    pwsh.lives([HANGS])
    async with PowerShellModule(pwsh.launch, Limits(end=timedelta())):
        await until(lambda: pwsh.heard)
    assert pwsh.is_gone()
