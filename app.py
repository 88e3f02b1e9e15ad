"""The command line. A command imports what it needs and no more: `--version` is answered without the bot, and the bot
runs without what only a command needs."""

import argparse
import asyncio
import gc
import logging
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from services.command_line import parsed

if TYPE_CHECKING:
    from services.settings import Settings

log = logging.getLogger("sendwell")


def main(environment: Mapping[str, str], arguments: Sequence[str] = ()) -> int:
    """`python app.py`: 0 when stopped, 2 for faulty settings, 1 for a database or port that cannot be used.

    `python app.py setup`, `python app.py remove`: see `services/setup/command.py`.
    `python app.py doctor`: 0 or 1, by what is missing, and 2 for faulty settings.
    `python app.py record FOLDER [ADDRESS]`: see `services/recording/record.py`. `python app.py bounces FOLDER`: see
    `services/bounce_files.py`; it needs no settings. `python app.py settings` prints every setting, for an `.env`.
    `python app.py rules [FILE]`: see `services/rules/said.py`; it needs no settings.
    `python app.py case 17`, `export 17` and `report 30`: see `services/inspecting/commands.py`."""
    options = parsed(arguments)
    if options.command in _WITHOUT_SETTINGS:
        return _WITHOUT_SETTINGS[options.command](options, environment)
    return _with_settings(options, environment)


def _with_settings(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from services.clients.store.unusable import DatabaseUnusableError
    from services.settings import FaultySettingsError, read_database_url, read_settings

    try:
        given = _given(environment)
        if options.command in _READS:
            return _READS[options.command](read_database_url(given), options)
        return _OF_BOT[options.command](read_settings(given), options)
    except FaultySettingsError as faulty:
        sys.stderr.write(f"Sendwell cannot start:\n{faulty}\n")
        return 2
    except DatabaseUnusableError as unusable:
        sys.stderr.write(f"Sendwell cannot start: {unusable}\n")
        return 1
    except BrokenPipeError:
        raise  # of standard output, see below
    except OSError as trouble:
        sys.stderr.write(f"Sendwell cannot start: {trouble.strerror or trouble}. Is the port in use? Set PORT.\n")
        return 1


def _given(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The settings as they were written. What is written next to a setting's name is said in the log."""
    from services.setting_names import misspelt
    from services.settings import read_env_file

    given = {**read_env_file(Path(".env")), **environment}
    _log(as_json=given.get("SENDWELL_LOG_FORMAT", "").strip() == "json")
    for name, nearest in misspelt(given).items():
        log.warning("%s is no setting of Sendwell%s", name, f": is {nearest} meant?" if nearest else "")
    return given


def _log(*, as_json: bool) -> None:
    """To standard error. Known before the settings are read, whose faults may have to be logged."""
    from services.clients.log_format import formatter

    lines = logging.StreamHandler()
    lines.setFormatter(formatter(as_json=as_json))
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _run(settings: "Settings", _options: argparse.Namespace) -> int:
    gc.disable()  # what is made while starting stays: looking for garbage in it takes a seventh of the start
    from bot.composition import serve

    gc.freeze()
    gc.enable()
    asyncio.run(serve(settings))
    return 0


def _doctor(settings: "Settings", options: argparse.Namespace) -> int:
    return asyncio.run(doctor(settings, options.endpoint))


async def doctor(settings: "Settings", endpoint: str = "") -> int:
    """`python app.py doctor`: print what is missing. 0 where nothing is but what may be left out, else 1. `endpoint`:
    the address that the Azure Bot sends messages to, to be looked at too."""
    from cards.doctor_lines import printed
    from cards.words import words_for
    from services.clients.doctor.anew import LooksAnew
    from services.clients.http import open_session, trust
    from services.domain.doctor.findings import is_well

    async with open_session(trust(settings.ca_files)) as session:
        findings = await LooksAnew(settings=settings, session=session, endpoint=endpoint).look()
    _print(printed(findings, words_for("en")))
    return 0 if is_well(findings) else 1


def _record(settings: "Settings", options: argparse.Namespace) -> int:
    from services.recording import record

    return record.run(settings, options.folder, options.address)


def _case(url: str, options: argparse.Namespace) -> int:
    from services.inspecting.commands import tell_case

    return tell_case(url, options.number, personal=options.personal)


def _export(url: str, options: argparse.Namespace) -> int:
    from services.inspecting.commands import export
    from services.inspecting.form import Format

    return export(url, options.what, Format(options.format))


def _report(url: str, options: argparse.Namespace) -> int:
    from services.inspecting.commands import tell_report
    from services.inspecting.form import Format

    return tell_report(url, options.days, Format(options.format))


def _set_up(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from manifest.package import write_package
    from services.clients.clock import SystemClock
    from services.settings import read_env_file
    from services.setup import command
    from services.setup.build import Surroundings
    from services.setup.env_file import EnvFile
    from services.setup.terminal import Terminal

    terminal = Terminal()
    given = {**read_env_file(options.env), **environment}
    around = Surroundings(
        addresses=command.addresses(given),
        ca_files=(Path(given["SENDWELL_CA_FILE"]),) if given.get("SENDWELL_CA_FILE") else (),
        env=EnvFile(options.env),
        write_package=write_package,
        say=terminal.say,
        now=SystemClock().now,
    )
    wishes = command.Options(
        plan=options.plan, dry_run=options.dry_run, agreed=options.yes, removes=options.command == "remove"
    )
    return command.run(wishes, around, terminal, lambda: secrets.token_hex(8))


def _scripts(options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    from services.setup.scripts import write_scripts

    return _print(write_scripts(options.folder))


def _bounces(options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    from services import bounce_files

    return bounce_files.run(options.folder)


def _rules(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from services.clients.clock import SystemClock
    from services.rules import said
    from services.settings import read_env_file

    code, lines = said.tell(options.file, {**read_env_file(Path(".env")), **environment}, SystemClock().now())
    _print(lines)
    return code


def _settings(_options: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    from services.setting_names import as_env_file

    return _print(as_env_file().splitlines())


def _print(lines: Iterable[object]) -> int:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


_WITHOUT_SETTINGS: Mapping[str, Callable[[argparse.Namespace, Mapping[str, str]], int]] = {
    "settings": _settings,
    "scripts": _scripts,
    "bounces": _bounces,
    "setup": _set_up,
    "remove": _set_up,
    "rules": _rules,
}
"""The commands that need no setting of the bot."""
_READS: Mapping[str, Callable[[str, argparse.Namespace], int]] = {"case": _case, "export": _export, "report": _report}
"""The commands that read the database and need no other setting."""
_OF_BOT: Mapping[str | None, Callable[["Settings", argparse.Namespace], int]] = {
    None: _run,
    "run": _run,
    "doctor": _doctor,
    "record": _record,
}


def _printed(environment: Mapping[str, str], arguments: Sequence[str]) -> int:
    """`main`, for a reader that may have read enough: `python app.py doctor | head`."""
    try:
        code = main(environment, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


if __name__ == "__main__":
    sys.exit(_printed(os.environ, sys.argv[1:]))
