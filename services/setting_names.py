"""What is made from the table of settings: docs/settings.md, `.env.example`, and the word on a misspelt name."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from services.setting_table import SETTINGS, Setting

ELSEWHERE = (
    *("SENDWELL_PACKAGE_VERSION", "SENDWELL_PUBLIC_URL", "SENDWELL_DEVELOPER_NAME", "SENDWELL_DEVELOPER_URL"),
    *("SENDWELL_PRIVACY_URL", "SENDWELL_TERMS_URL", "SENDWELL_AZURE_URL"),
)
"""Settings of the package for Teams and of the set-up, which are no settings of the bot."""
_LINK = re.compile(r"\[[^]]{1,200}+\]\(([^)]{1,200}+)\)")


def misspelt(environment: Iterable[str]) -> Mapping[str, str]:
    """Names that look like a setting of ours and are none, each with the nearest setting; empty if none is near."""
    known = [setting.name for setting in SETTINGS]
    ours = [name for name in known if name.startswith(("SENDWELL_", "Microsoft"))]
    strange = [name for name in environment if name.casefold().startswith(("sendwell_", "microsoftapp"))]
    return {
        name: next(iter(get_close_matches(name, ours, n=1, cutoff=0.8)), "")
        for name in sorted(strange)
        if name not in (*known, *ELSEWHERE)
    }


def as_markdown() -> str:
    """The table of docs/settings.md."""
    rows = (f"| `{one.name}` | {one.meaning} | {_default(one)} |" for one in SETTINGS)
    return "\n".join(("| name | meaning | default |", "|---|---|---|", *rows))


def as_env_file() -> str:
    """The text of `.env.example`: what is required is to be filled in, the rest stands there with its default."""
    return "\n".join((_ENV_HEAD, *(_env_lines(one) for one in SETTINGS)))


_ENV_HEAD = """\
# Settings of Sendwell. Copy this file to .env and fill in what is required; a line that begins with # is a default.
# The environment wins over this file. docs/settings.md says the same.
"""


def _default(setting: Setting) -> str:
    return f"`{setting.default}`" if setting.default else setting.default_said


def _env_lines(setting: Setting) -> str:
    said = "" if setting.default or setting.default_said == "none" else f" ({setting.default_said})"
    mark = "" if setting.default_said == "required" else "#"
    return f"# {_plain(setting.meaning)}{said}\n{mark}{setting.name}={setting.default}\n"


def _plain(markdown: str) -> str:
    """Where the table leads to a document beside it, a reader of the `.env` is told where that is."""
    return _LINK.sub(r"docs/\1", markdown).replace("`", "")
