"""`python -m sandbox [options] [-- COMMAND …]`: the sandbox, and the bot beside it."""

import argparse
import asyncio
import signal
import sys
import webbrowser
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from sandbox import checks, rehearsal
from sandbox.bot_process import BotProcess
from sandbox.box import Sandbox
from sandbox.clouds import CLOUDS, WORLDWIDE
from sandbox.crowd import crowd
from sandbox.front import front
from sandbox.playground import FIRST_PORT, WINDOWS, Playground

_HIGHEST = 65_535
_CROWD = 12
"""So many employees more: enough for a wave of restrictions."""
_EPILOG = """
What follows -- is run as the bot, with the sandbox's settings in its environment:
  python -m sandbox -- python app.py
Without it the settings are printed, for a bot that you start yourself.
A second one beside the first:
  python -m sandbox --port 8710 --bot-port 3988 --data .sandbox2 -- python app.py
A tenant in which `python app.py setup` has all to do, and one address for two replicas (docs/setup.md):
  python -m sandbox --bare --front 3981 3982
With the chats in Microsoft's Agents Playground (docs/develop.md):
  python -m sandbox --playground -- python app.py
"""


def main(arguments: list[str]) -> int:
    """0 when stopped, 2 for what the caller can mend, else the bot's own exit code."""
    options = _parsed(arguments)
    if options.run:
        return rehearsal.run(options.run, options.port)
    data = options.data.resolve()
    try:
        checks.check_packages()
        checks.check_command(options.command)
        checks.check_ports(options.port, options.bot_port if options.command else None)
        with checks.claim(data):
            if options.fresh:
                checks.begin_afresh(data)
            return asyncio.run(_run(options, data))
    except checks.CannotStartError as trouble:
        return _complain(str(trouble))
    except OSError as trouble:
        return _complain(f"{trouble.strerror or trouble}. See --port, --bot-port and --data.")


def _parsed(arguments: list[str]) -> argparse.Namespace:
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A small Microsoft 365 and Teams on this machine, with a page that lets you play every person.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--port", type=_first_port, default=8700, help="the page's port; six more follow (default 8700)")
    add("--bot-port", type=_port, default=3978, help="where the bot listens (default 3978)")
    add("--data", type=Path, default=Path(".sandbox"), help="folder for certificates and database (default .sandbox)")
    add("--fresh", action="store_true", help="forget what the bot of an earlier run remembers")
    add("--list-lag", type=_seconds, default=4.0, help="seconds the restricted list lags (default 4)")
    add("--open", action="store_true", help="open the page in a browser")
    add("--cloud", choices=list(CLOUDS), default=WORLDWIDE.name, help="whose names and gaps it has (default worldwide)")
    add("--replay", type=Path, metavar="FOLDER", help="answer from a recording (python app.py record) what is in it")
    add("--bare", action="store_true", help="a tenant in which nothing is set up yet: python app.py setup does it")
    add("--front", type=_port, nargs="+", default=(), metavar="PORT", help="hand the bot port on to replicas at these")
    add("--run", type=Path, metavar="SCRIPT", help="run setup's Exchange script in the sandbox that is there")
    playground = f"chat in Microsoft's Agents Playground; its first port (default {FIRST_PORT})"
    add("--playground", type=_window_port, nargs="?", const=FIRST_PORT, metavar="PORT", help=playground)
    options = parser.parse_args(arguments[:split])
    options.command = arguments[split + 1 :]
    return options


def _port(text: str) -> int:
    return _in_range(text, 1, _HIGHEST)


def _first_port(text: str) -> int:
    return _in_range(text, 1, _HIGHEST - len(checks.SERVICES) + 1)


def _window_port(text: str) -> int:
    return _in_range(text, 1, _HIGHEST - len(WINDOWS) + 1)


def _in_range(text: str, lowest: int, highest: int) -> int:
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from {lowest} to {highest}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to 86400")
    return seconds


async def _run(options: argparse.Namespace, data: Path) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    remembers = checks.remembers(data)
    playground = Playground(first_port=options.playground) if options.playground else None
    crowd(_CROWD)
    async with Sandbox(
        data=data,
        base_port=options.port,
        bot_port=options.bot_port,
        playground=playground,
        cloud=options.cloud,
        replay=options.replay,
        bare=options.bare,
    ) as box:
        box.tenant.list_lag = options.list_lag
        box.tenant.restrict("ana", "limit")
        if playground:
            _hand_over(playground, data, box.teams.bot_url)
        if not options.command:
            return await _without_bot(box, options, stop)
        _invite(box, options.open)
        if remembers:
            print(f"The bot remembers an earlier run ({data / 'sendwell.db'}); --fresh begins anew.", flush=True)
        return await _with_bot(box, options, stop, data)


async def _without_bot(box: Sandbox, options: argparse.Namespace, stop: asyncio.Event) -> int:
    """Somebody else starts it, or several at the ports of the front."""
    given = "\n".join(f"export {name}='{value}'" for name, value in box.environment.items())
    async with AsyncExitStack() as stack:
        if options.front:
            await stack.enter_async_context(front(options.bot_port, options.front))
        print(rehearsal.settings(box) if options.bare else given)
        print(f"# Open {box.page_url}", flush=True)
        await stop.wait()
    return 0


def _hand_over(playground: Playground, data: Path, bot_url: str) -> None:
    commands = playground.prepare(data / "playground", bot_url)
    print("# The chats are in Microsoft's Agents Playground, a window a person; the page below is the tenant.")
    print("\n".join(f"#   {command}" for command in commands), flush=True)


async def _with_bot(box: Sandbox, options: argparse.Namespace, stop: asyncio.Event, data: Path) -> int:
    bot = await BotProcess.begun(options.command, box.environment, forget=lambda: checks.begin_afresh(data))
    box.restarts_the_bot(bot.begin_anew)
    ended, stopped = asyncio.create_task(bot.ended()), asyncio.create_task(stop.wait())
    answering = asyncio.create_task(_answers(box))
    try:
        await asyncio.wait({ended, stopped, answering}, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            print("  Sendwell is ready.\n", flush=True)
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            _explain(ended.result(), data, answered=answering.done())
    finally:
        for waiting in (ended, answering, stopped):
            waiting.cancel()
    code = await bot.end()
    return 0 if stop.is_set() else code


def _invite(box: Sandbox, opening: bool) -> None:
    print(f"\n  Open {box.page_url}   (Ctrl-C ends it)\n", flush=True)
    if opening and not webbrowser.open(box.page_url):
        print("  No browser could be opened from here: open the address yourself.\n", flush=True)


def _explain(code: int, data: Path, *, answered: bool) -> None:
    if answered:
        sys.stderr.write(f"The bot ended with code {code}, and the sandbox with it. Its own words are above.\n")
        return
    sys.stderr.write(
        f"The bot ended with code {code} before it answered; its own words are above. If they name its database: "
        f"it may be of another version or damaged. Begin anew with --fresh, or delete {data}.\n"
    )


async def _answers(box: Sandbox) -> None:
    """Returns once the bot answers."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{box.teams.bot_url}/healthz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"The sandbox cannot start: {sentence}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
