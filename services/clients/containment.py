"""Containing an account: sessions, password and account in Microsoft Graph, rules and forwarding in Exchange."""

from services.clients.exchange.cmdlets import Cmdlets
from services.clients.exchange.mailbox_containment import MailboxContainment
from services.clients.graph.account_containment import AccountContainment
from services.clients.http import ApiClient
from services.clients.refusals import Refusal
from services.domain.containment.after_steps import AccountRead
from services.domain.containment.containment import ContainmentStep, StepOutcome, StepResult
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_ENABLED = ("enabled",)


class Microsoft365Containment:
    """Implements the port `ContainmentSteps`.

    `api` and `cmdlets` use the token of the app that may contain accounts, which need not be the bot's own."""

    def __init__(self, api: ApiClient, cmdlets: Cmdlets) -> None:
        self._accounts = AccountContainment(api)
        self._mailboxes = MailboxContainment(cmdlets)

    async def privileged(self, person: PersonId) -> bool:
        return await self._accounts.holds_role(person)

    async def before(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        try:
            match step:
                case ContainmentStep.REVOKE_SESSIONS | ContainmentStep.NEW_PASSWORD:
                    return ()
                case ContainmentStep.RULES_OFF:
                    return await self._mailboxes.rules_that_are(address, rules, on=True)
                case ContainmentStep.FORWARDING_OFF:
                    return await self._mailboxes.forwarding(address)
                case ContainmentStep.DISABLE:
                    account = await self._accounts.account(person)
                    return _ENABLED if account.enabled and not account.synchronised else ()
        except Refusal:
            return ()  # the step itself reports the refusal

    async def contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        try:
            return await self._contain(step, person, address, rules)
        except Refusal as no:
            return StepResult(step=step, outcome=StepOutcome.FAILED, error=str(no), was=no.was)

    async def account(self, person: PersonId) -> AccountRead:
        try:
            return (await self._accounts.account(person)).read
        except Refusal as no:
            raise Unavailable(UnknownReason.NO_PERMISSION, str(no), quotes=True) from no

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        if not result.was:
            return StepResult(step=result.step, outcome=StepOutcome.ALREADY_SO)
        try:
            return await self._put_back(result, person, address)
        except Refusal as no:
            return StepResult(step=result.step, outcome=StepOutcome.FAILED, error=str(no))

    async def _contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        account = await self._accounts.account(person)
        if account.guest:
            raise Refusal("a guest's account belongs to another organisation")
        match step:
            case ContainmentStep.REVOKE_SESSIONS:
                await self._accounts.revoke_sessions(person)
                return StepResult(step=step, outcome=StepOutcome.DONE)
            case ContainmentStep.NEW_PASSWORD:
                if account.synchronised:
                    return StepResult(step=step, outcome=StepOutcome.ON_PREMISES)
                await self._accounts.set_unknown_password(person)
                return StepResult(step=step, outcome=StepOutcome.DONE)
            case ContainmentStep.RULES_OFF:
                return await self._rules_off(address, rules)
            case ContainmentStep.FORWARDING_OFF:
                return await self._forwarding_off(address)
            case ContainmentStep.DISABLE:
                return await self._enable(person, on=False)

    async def _put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        match result.step:
            case ContainmentStep.REVOKE_SESSIONS | ContainmentStep.NEW_PASSWORD:
                return StepResult(step=result.step, outcome=StepOutcome.ALREADY_SO)
            case ContainmentStep.RULES_OFF:
                return await self._rules_on(address, result.was)
            case ContainmentStep.FORWARDING_OFF:
                return await self._forwarding_on(address, result.was)
            case ContainmentStep.DISABLE:
                return await self._enable(person, on=True)

    async def _enable(self, person: PersonId, *, on: bool) -> StepResult:
        account = await self._accounts.account(person)
        if account.enabled is on:
            return StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.ALREADY_SO)
        if account.synchronised:
            return StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.ON_PREMISES)
        await self._accounts.enable(person, on=on)
        return StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE, was=() if on else _ENABLED)

    async def _rules_off(self, address: str, rules: tuple[str, ...]) -> StepResult:
        wanted = await self._mailboxes.rules_that_are(address, rules, on=True)
        if not wanted:
            return StepResult(step=ContainmentStep.RULES_OFF, outcome=StepOutcome.ALREADY_SO)
        switched = await self._mailboxes.switch_rules(address, wanted, on=False)
        return StepResult(step=ContainmentStep.RULES_OFF, outcome=StepOutcome.DONE, was=switched)

    async def _rules_on(self, address: str, rules: tuple[str, ...]) -> StepResult:
        wanted = await self._mailboxes.rules_that_are(address, rules, on=False)
        if not wanted:
            return StepResult(step=ContainmentStep.RULES_OFF, outcome=StepOutcome.ALREADY_SO)
        await self._mailboxes.switch_rules(address, wanted, on=True)
        return StepResult(step=ContainmentStep.RULES_OFF, outcome=StepOutcome.DONE)

    async def _forwarding_off(self, address: str) -> StepResult:
        was = await self._mailboxes.forwarding(address)
        if not was:
            return StepResult(step=ContainmentStep.FORWARDING_OFF, outcome=StepOutcome.ALREADY_SO)
        await self._mailboxes.forward(address, ())
        return StepResult(step=ContainmentStep.FORWARDING_OFF, outcome=StepOutcome.DONE, was=was)

    async def _forwarding_on(self, address: str, was: tuple[str, ...]) -> StepResult:
        now = await self._mailboxes.forwarding(address)
        if now == was:
            return StepResult(step=ContainmentStep.FORWARDING_OFF, outcome=StepOutcome.ALREADY_SO)
        if now:
            raise Refusal("the mailbox forwards to somebody else by now, which was left as it is")
        await self._mailboxes.forward(address, was)
        return StepResult(step=ContainmentStep.FORWARDING_OFF, outcome=StepOutcome.DONE)
