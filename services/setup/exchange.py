"""The apps' roles in Exchange: a script for an administrator, and a look at what came of it."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from services.domain.exchange_roles import BOT, RESPONDER, ROLES
from services.ports.errors import Unavailable
from services.setup import exchange_script
from services.setup.env_file import write_private
from services.setup.step import Look, Made, by_hand, later, there

Cmdlets = Callable[[str], Awaitable[frozenset[str]]]
"""The cmdlets that the app of a role may run, in lower case. Raises `Unavailable`."""
_GROUPS = {"bot": BOT, "responder": RESPONDER}


class ExchangeRoles:
    """Both apps' roles, in one script."""

    title = "Roles in Exchange"

    def __init__(self, may_run: Cmdlets, folder: Path, *, roles: Sequence[str], with_limits: bool) -> None:
        self._may_run = may_run
        self._script, self._removal = folder / "sendwell-exchange.ps1", folder / "sendwell-exchange-remove.ps1"
        self._roles, self._with_limits = roles, with_limits

    async def look(self, made: Made) -> Look:
        if not all(made.app(role).logs_in for role in self._roles):
            return later("by hand, with a script that is written then", "the credential")
        missing: list[str] = []
        for role in self._roles:
            try:
                granted = await self._may_run(role)
            except Unavailable as trouble:
                return by_hand(f"what is granted cannot be read now ({trouble})")
            missing += [cmdlet for cmdlet in self._wanted(role) if cmdlet.casefold() not in granted]
        all_of_them = sum(len(self._wanted(role)) for role in self._roles)
        if missing:
            return by_hand(
                f"none of the {all_of_them} cmdlets is granted yet"
                if len(missing) == all_of_them
                else f"{len(missing)} of {all_of_them} cmdlets are not granted yet: {', '.join(missing)}"
            )
        return there(f"{all_of_them} cmdlets are granted")

    async def do(self, made: Made) -> None:
        raise AssertionError("only Exchange's module can grant them")

    def instructions(self, made: Made) -> Sequence[str]:
        ids = {role: (made.app(role).id, made.app(role).principal) for role in self._roles}
        text = exchange_script.script(ids["bot"], ids.get("responder"), with_limits=self._with_limits)
        write_private(self._script, text.encode())
        return (
            f"Read {self._script}, then run it as an Exchange administrator (PowerShell 7):",
            "  Install-Module ExchangeOnlineManagement -Scope CurrentUser   # once",
            f"  pwsh {self._script}",
            "What it grants counts after some minutes, seldom after an hour.",
        )

    async def take_back(self, made: Made) -> str:
        """Once the apps are deleted nobody can tell their ids any more: the script of the first run has them."""
        bot, responder = (made.app(role).principal for role in _GROUPS)
        before = self._removal.read_text(encoding="utf-8") if self._removal.is_file() else ""
        if bot and not (bot in before and responder in before):
            write_private(self._removal, exchange_script.removal(bot, responder or None).encode())
        elif not before:
            return "nothing is known of the apps any more: deploy/by-hand/remove-exchange.ps1 has the commands"
        return f"by hand: run {self._removal} as an Exchange administrator"

    def _wanted(self, role: str) -> list[str]:
        return [
            cmdlet
            for one in ROLES
            if one.group == _GROUPS[role] and (self._with_limits or one.name != "Sendwell Limits")
            for cmdlet in one.cmdlets
        ]
