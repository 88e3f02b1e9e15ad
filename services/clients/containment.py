"""Containing an account: sessions, password and account in Microsoft Graph, rules and forwarding in Exchange."""

from services.clients.exchange.mailbox_containment import MailboxLocks
from services.clients.exchange.restricted_senders import Cmdlets
from services.clients.graph.account_containment import AccountLocks
from services.clients.http import Wire
from services.clients.refusals import Refusal
from services.domain.containment.containment import ContainStep, Outcome, StepResult
from services.domain.people import PersonId

_ENABLED = ("enabled",)


class Microsoft365Containment:
    """Implements the port `Containing`.

    Wire and cmdlets speak for the app that may contain, which need not be the bot's own."""

    def __init__(self, wire: Wire, cmdlets: Cmdlets) -> None:
        self._accounts = AccountLocks(wire)
        self._mailboxes = MailboxLocks(cmdlets)

    async def privileged(self, person: PersonId) -> bool:
        return await self._accounts.holds_role(person)

    async def before(
        self, step: ContainStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        try:
            match step:
                case ContainStep.REVOKE_SESSIONS | ContainStep.NEW_PASSWORD:
                    return ()
                case ContainStep.RULES_OFF:
                    return await self._mailboxes.rules_that_are(address, rules, on=True)
                case ContainStep.FORWARDING_OFF:
                    return await self._mailboxes.forwarding(address)
                case ContainStep.DISABLE:
                    account = await self._accounts.account(person)
                    return _ENABLED if account.enabled and not account.synchronised else ()
        except Refusal:
            return ()  # the step itself will say why

    async def contain(self, step: ContainStep, person: PersonId, address: str, rules: tuple[str, ...]) -> StepResult:
        try:
            return await self._contain(step, person, address, rules)
        except Refusal as no:
            return StepResult(step=step, outcome=Outcome.FAILED, error=str(no), was=no.was)

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        if not result.was:
            return StepResult(step=result.step, outcome=Outcome.ALREADY_SO)
        try:
            return await self._put_back(result, person, address)
        except Refusal as no:
            return StepResult(step=result.step, outcome=Outcome.FAILED, error=str(no))

    async def _contain(self, step: ContainStep, person: PersonId, address: str, rules: tuple[str, ...]) -> StepResult:
        account = await self._accounts.account(person)
        if account.guest:
            raise Refusal("a guest's account belongs to another organisation")
        match step:
            case ContainStep.REVOKE_SESSIONS:
                await self._accounts.revoke_sessions(person)
                return StepResult(step=step, outcome=Outcome.DONE)
            case ContainStep.NEW_PASSWORD:
                if account.synchronised:
                    return StepResult(step=step, outcome=Outcome.ON_PREMISES)
                await self._accounts.ask_for_new_password(person)
                return StepResult(step=step, outcome=Outcome.DONE)
            case ContainStep.RULES_OFF:
                return await self._rules_off(address, rules)
            case ContainStep.FORWARDING_OFF:
                return await self._forwarding_off(address)
            case ContainStep.DISABLE:
                return await self._enable(person, on=False)

    async def _put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        match result.step:
            case ContainStep.REVOKE_SESSIONS | ContainStep.NEW_PASSWORD:
                return StepResult(step=result.step, outcome=Outcome.ALREADY_SO)
            case ContainStep.RULES_OFF:
                return await self._rules_on(address, result.was)
            case ContainStep.FORWARDING_OFF:
                return await self._forwarding_on(address, result.was)
            case ContainStep.DISABLE:
                return await self._enable(person, on=True)

    async def _enable(self, person: PersonId, *, on: bool) -> StepResult:
        account = await self._accounts.account(person)
        if account.enabled is on:
            return StepResult(step=ContainStep.DISABLE, outcome=Outcome.ALREADY_SO)
        if account.synchronised:
            return StepResult(step=ContainStep.DISABLE, outcome=Outcome.ON_PREMISES)
        await self._accounts.enable(person, on=on)
        return StepResult(step=ContainStep.DISABLE, outcome=Outcome.DONE, was=() if on else _ENABLED)

    async def _rules_off(self, address: str, rules: tuple[str, ...]) -> StepResult:
        wanted = await self._mailboxes.rules_that_are(address, rules, on=True)
        if not wanted:
            return StepResult(step=ContainStep.RULES_OFF, outcome=Outcome.ALREADY_SO)
        switched = await self._mailboxes.switch_rules(address, wanted, on=False)
        return StepResult(step=ContainStep.RULES_OFF, outcome=Outcome.DONE, was=switched)

    async def _rules_on(self, address: str, rules: tuple[str, ...]) -> StepResult:
        wanted = await self._mailboxes.rules_that_are(address, rules, on=False)
        if not wanted:
            return StepResult(step=ContainStep.RULES_OFF, outcome=Outcome.ALREADY_SO)
        await self._mailboxes.switch_rules(address, wanted, on=True)
        return StepResult(step=ContainStep.RULES_OFF, outcome=Outcome.DONE)

    async def _forwarding_off(self, address: str) -> StepResult:
        was = await self._mailboxes.forwarding(address)
        if not was:
            return StepResult(step=ContainStep.FORWARDING_OFF, outcome=Outcome.ALREADY_SO)
        await self._mailboxes.forward(address, ())
        return StepResult(step=ContainStep.FORWARDING_OFF, outcome=Outcome.DONE, was=was)

    async def _forwarding_on(self, address: str, was: tuple[str, ...]) -> StepResult:
        now = await self._mailboxes.forwarding(address)
        if now == was:
            return StepResult(step=ContainStep.FORWARDING_OFF, outcome=Outcome.ALREADY_SO)
        if now:
            raise Refusal("the mailbox forwards to somebody else by now, which was left as it is")
        await self._mailboxes.forward(address, was)
        return StepResult(step=ContainStep.FORWARDING_OFF, outcome=Outcome.DONE)
