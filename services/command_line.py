"""What can be written behind `python app.py`."""

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from services.domain.reporting.days import DAYS
from services.inspecting.form import Format
from services.version import VERSION

_STRANGE = re.compile(r"invalid choice: '([^']*+)'|unrecognized arguments: (\S++)")

COMMANDS = (
    *("run", "doctor", "setup", "remove", "scripts", "record"),
    *("bounces", "case", "export", "report", "rules", "settings"),
)


class _Parser(argparse.ArgumentParser):
    """Says the nearest word to one that it does not know."""

    def error(self, message: str) -> NoReturn:
        words = [*self._option_string_actions, *COMMANDS]
        strange = _STRANGE.findall(message)
        nearest = [match for pair in strange for match in get_close_matches("".join(pair), words, n=1)]
        super().error(f"{message}; did you mean {nearest[0]}?" if nearest else message)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command and its options. Ends the program with 2, and says what was meant, where they are none."""
    parser = _Parser(prog="python app.py", description="Sendwell, a Teams bot. Without a command it runs.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    commands.add_parser("run", help="run the bot (the default), with the settings of the environment and of .env")
    looks = commands.add_parser("doctor", help="say what the bot still needs to work, and how to fix it; read-only")
    looks.add_argument("--endpoint", default="", metavar="URL", help="the bot's https://…/api/messages, checked too")
    for name, does in (("setup", "make in a tenant what Sendwell needs"), ("remove", "take back what setup made")):
        command = commands.add_parser(name, help=f"{does}; says first what it would do, and asks")
        command.add_argument("--plan", type=Path, default=Path("sendwell.toml"), help="default: %(default)s")
        command.add_argument("--env", type=Path, default=Path(".env"), help="the settings; default: %(default)s")
        command.add_argument("--dry-run", action="store_true", help="only say what would be done")
        command.add_argument("--yes", action="store_true", help="do not ask before doing it")
    scripts = commands.add_parser("scripts", help="write what setup does as scripts, to be read and run by hand")
    scripts.add_argument("folder", type=Path, help="for the scripts")
    record = commands.add_parser("record", help="write what the tenant's services answer, without names; read-only")
    record.add_argument("folder", type=Path, help="an empty or new folder for the files")
    record.add_argument("address", nargs="?", help="the mailbox to read about (default: the first restricted sender)")
    bounces = commands.add_parser("bounces", help="say what each bounce in a folder means; no settings, no network")
    bounces.add_argument("folder", type=Path, help="holds .eml, .msg and .txt files")
    case = commands.add_parser("case", help="say why a case waits, what it has due, and what happened; reads only")
    case.add_argument("number", help="the case's number")
    case.add_argument("--personal", action="store_true", help="with names, addresses and Exchange's own words")
    export = commands.add_parser("export", help="write who decided what, when and on which facts; reads only")
    export.add_argument("what", help="the number of a case, or a month such as 2026-10 (UTC)")
    export.add_argument("--format", choices=list(Format), default=Format.CSV, help="default: csv")
    report = commands.add_parser("report", help="write how many were restricted, why, and for how long; reads only")
    report.add_argument("days", nargs="?", type=int, default=DAYS, help="how far back; default: %(default)s")
    report.add_argument("--format", choices=list(Format), default=Format.CSV, help="default: csv")
    rules = commands.add_parser("rules", help="say what was understood of the organisation's rules; changes nothing")
    rules.add_argument("file", type=Path, nargs="?", help="default: the file of SENDWELL_RULES")
    commands.add_parser("settings", help="print every setting with its meaning and default, as the lines of an .env")
    return parser.parse_args(arguments)
