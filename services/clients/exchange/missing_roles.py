"""What an app may not do in Exchange, named: the cmdlet, and the management role that grants it."""

from collections.abc import Mapping

from services.clients.exchange.cmdlets import Cmdlets, Rows
from services.clients.said_once import SaidOnce
from services.domain.exchange_roles import BOT, role_with
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable


class NamesMissingRoles:
    """Implements `Cmdlets` around another: a refusal of the app names the role that is missing, to whoever asked and,
    once, in the log. `group` is the role group that the app belongs to."""

    def __init__(self, cmdlets: Cmdlets, said: SaidOnce, group: str = BOT) -> None:
        self._cmdlets = cmdlets
        self._said = said
        self._group = group

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        try:
            rows = await self._cmdlets.run(cmdlet, parameters, repeat=repeat)
        except Unavailable as trouble:
            # The login refuses the app itself before anything is sent, and says why.
            if trouble.reason not in _NEEDS or not trouble.may_have_arrived:
                raise
            needs = _NEEDS[trouble.reason].format(cmdlet=cmdlet, role=self._role(cmdlet))
            self._said.missing(self._source(cmdlet), trouble.reason, f"Exchange refused: {needs}")
            raise Unavailable(trouble.reason, f"{needs} ({trouble.detail})", quotes=trouble.quotes) from trouble
        self._said.there(self._source(cmdlet))
        return rows

    def _source(self, cmdlet: str) -> str:
        return f"{self._group}: {cmdlet}"

    def _role(self, cmdlet: str) -> str:
        role = role_with(cmdlet, self._group)
        if role is None:
            return "a management role with it"
        return f"the management role “{role.name}” (from “{role.parent}”) in the role group “{role.group}”"


_NEEDS = {
    UnknownReason.NO_PERMISSION: "{cmdlet} needs Exchange.ManageAsApp and {role}",
    UnknownReason.NO_LICENCE: "{cmdlet} needs a licence that the tenant does not have",
}
