"""An office with an administrator: the sandbox's tenant without Sendwell, and who answers the questions."""

import re
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from manifest.package import write_package
from sandbox import Sandbox
from sandbox.azure import SUBSCRIPTION
from sandbox.exchange_script import run_script
from sandbox.management_roles import ManagementRoles
from sandbox.people import PEOPLE, TENANT
from services.settings import read_env_file
from services.setup.build import Addresses, Surroundings, steps_of
from services.setup.env_file import EnvFile
from services.setup.run import Run
from services.setup.step import Made
from services.setup.wanted import read_plan, written

KEY = "0123456789abcdef"
BO, CLEO = PEOPLE["bo"].upn, PEOPLE["cleo"].upn
GIVEN: Mapping[str, str | tuple[str, ...]] = {
    "tenant": TENANT,
    "public_url": "https://sendwell.contoso.com",
    "credential": "secret",
    "approvers": (BO, CLEO),
    "responders": (BO, CLEO),
    "subscription": SUBSCRIPTION,
    "developer": "Contoso",
    "website": "https://www.contoso.com",
    "privacy": "https://www.contoso.com/privacy",
    "terms": "https://www.contoso.com/terms",
}
"""The administrator's answers to what the plan asks."""


@dataclass(kw_only=True)
class Office:
    """`does`: what the administrator does when something is left to them, by words of the instruction. Without it they
    leave everything for later."""

    box: Sandbox
    folder: Path
    said: list[str] = field(default_factory=list)
    answers: list[str | None] = field(default_factory=list)
    does: dict[str, Callable[[], None]] = field(default_factory=dict)
    plan: str = ""

    def __post_init__(self) -> None:
        self.box.tenant.management_roles = ManagementRoles()
        self.plan = self.plan or self.planned()

    def planned(self, **answers: str | tuple[str, ...]) -> str:
        return written(KEY, dict(GIVEN) | answers)

    def acts(self) -> None:
        """From now on the administrator does what they are asked to."""
        self.does = {"adminconsent": self.consents, "Exchange administrator": self.runs_the_script}

    def consents(self) -> None:
        app = re.findall(r"client_id=(\S+)", self.text)[-1]
        self.box.entra.consent(app)

    def runs_the_script(self) -> None:
        self._runs("sendwell-exchange.ps1")

    def runs_the_removal(self) -> None:
        self._runs("sendwell-exchange-remove.ps1")

    def _runs(self, name: str) -> None:
        run_script((self.folder / name).read_text(encoding="utf-8"), self.box.tenant.management_roles)

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    @property
    def env(self) -> EnvFile:
        return EnvFile(self.folder / ".env")

    @property
    def settings(self) -> dict[str, str]:
        return read_env_file(self.env.path)

    def everything(self) -> tuple[object, ...]:
        """What a run could have changed, in words."""
        entra, azure = self.box.entra, self.box.azure
        file = self.env.path.read_text(encoding="utf-8")
        return (repr(entra.apps), repr(entra.groups), repr(entra.principals), repr(azure.bots), file)

    def say(self, line: str) -> None:
        self.said.append(line)

    def ask(self, question: str) -> str | None:
        if self.answers:
            return self.answers.pop(0)
        if question.startswith("Do what is marked"):
            return "y"
        if question.startswith("Remove"):
            return "remove"
        return self._acts_on("\n".join(self.said[-6:]))

    def _acts_on(self, asked: str) -> str:
        for words, act in self.does.items():
            if words in asked:
                act()
                return ""
        return "s"

    async def sets_up(self, *, dry_run: bool = False, agreed: bool = False) -> int:
        async with AsyncExitStack() as stack:
            return await (await self._run(stack)).set_up(dry_run=dry_run, agreed=agreed)

    async def takes_back(self, *, dry_run: bool = False, agreed: bool = False) -> int:
        async with AsyncExitStack() as stack:
            return await (await self._run(stack)).take_back(dry_run=dry_run, agreed=agreed)

    async def _run(self, stack: AsyncExitStack) -> Run:
        self.said.clear()
        return Run(steps=await steps_of(read_plan(self.plan), self.around(), stack), console=self, made=Made())

    def around(self) -> Surroundings:
        environment = self.box.environment
        return Surroundings(
            addresses=Addresses(
                login=environment["SENDWELL_LOGIN_URL"],
                graph=environment["SENDWELL_GRAPH_URL"],
                exchange=environment["SENDWELL_EXCHANGE_URL"],
                azure=self.box.azure.base_url,
            ),
            ca_files=(Path(environment["SENDWELL_CA_FILE"]),),
            env=self.env,
            write_package=write_package,
            say=self.say,
            now=lambda: datetime.now(UTC),
            pause=_at_once,
        )


async def _at_once(_seconds: float) -> None:
    """Replication takes no time in a test."""
