"""`python -m sandbox [options] [-- COMMAND …]`: the sandbox, and the bot beside it."""

import argparse
import asyncio
import os
import signal
import sys
import webbrowser
from pathlib import Path

import aiohttp

from sandbox.box import Sandbox

_VENDORED = Path(__file__).parent / "page" / "node_modules" / "adaptivecards"


def main(arguments: list[str]) -> int:
    """0 when stopped, 2 for what the caller can mend, else the bot's own exit code."""
    options = _parsed(arguments)
    if not _VENDORED.is_dir():
        return _complain("the page's JavaScript packages are missing. Run `make setup`, or `npm ci` in sandbox/page.")
    try:
        return asyncio.run(_run(options))
    except OSError as taken:
        return _complain(
            f"a port from {options.port} to {options.port + 4} cannot be used ({taken.strerror or taken}). "
            "Is a second sandbox running? Stop it, or choose others with --port."
        )


def _parsed(arguments: list[str]) -> argparse.Namespace:
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A small Microsoft 365 and Teams on this machine.", allow_abbrev=False
    )
    parser.add_argument("--port", type=int, default=8700, help="the page's port; four more follow (default 8700)")
    parser.add_argument("--bot-port", type=int, default=3978, help="where the bot listens (default 3978)")
    parser.add_argument("--data", type=Path, default=Path(".sandbox"), help="folder for certificates and database")
    parser.add_argument("--list-lag", type=float, default=4.0, help="seconds the restricted list lags (default 4)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.epilog = "What follows -- is run as the bot, with the sandbox's settings in its environment."
    options = parser.parse_args(arguments[:split])
    options.command = arguments[split + 1 :]
    return options


async def _run(options: argparse.Namespace) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with Sandbox(data=options.data.resolve(), base_port=options.port, bot_port=options.bot_port) as box:
        box.tenant.list_lag = options.list_lag
        box.tenant.restrict("ana", "limit")
        if not options.command:
            print("\n".join(f"export {name}='{value}'" for name, value in box.environment.items()))
            print(f"# Open {box.page_url}", flush=True)
            await stop.wait()
            return 0
        return await _with_bot(box, options, stop)


async def _with_bot(box: Sandbox, options: argparse.Namespace, stop: asyncio.Event) -> int:
    bot = await asyncio.create_subprocess_exec(*options.command, env={**os.environ, **box.environment})
    ended, stopped = asyncio.create_task(bot.wait()), asyncio.create_task(stop.wait())
    answering = asyncio.create_task(_answers(box))
    try:
        await asyncio.wait({ended, stopped, answering}, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            print(f"\n  Open {box.page_url}   (Ctrl-C ends it)\n", flush=True)
            if options.open:
                webbrowser.open(box.page_url)
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        answering.cancel()
        stopped.cancel()
        if bot.returncode is None:
            bot.terminate()
    try:
        async with asyncio.timeout(15):
            code = await ended
    except TimeoutError:
        bot.kill()
        code = await bot.wait()
    return 0 if stop.is_set() else code


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
