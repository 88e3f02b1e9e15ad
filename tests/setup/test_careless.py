"""Whoever is careless, or means harm: two at once, a death after a write, an edited plan, somebody else's things in the
way. Nothing is made twice, nothing of others is lost, and what is said is what is done."""

import asyncio
import stat
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.exchange_script import run_script
from sandbox.people import APP_ID, PEOPLE
from services.domain.exchange_roles import BOT, RESPONDER
from services.setup import command
from services.setup.one_at_a_time import alone
from services.setup.run import DECLINED, DONE, FAILED
from tests.setup.office import BO, CLEO, KEY, Office

_ANOTHERS = "5a4d8f2e-0000-4000-8000-0000000000b0"


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with Sandbox(data=tmp_path / "box") as box:
        box.entra.slow = 0
        office = Office(box=box, folder=tmp_path)
        office.acts()
        yield office


class Dies(deque[str]):
    """The process dies after so many requests that changed something: each arrived, and its answer did not."""

    left = 0
    run: "asyncio.Task[int] | None" = None

    def append(self, asked: str) -> None:
        super().append(asked)
        self.left -= "/oauth2/" not in asked
        if self.left == 0 and self.run:
            self.run.cancel()


async def test_a_set_up_that_dies_again_and_again_comes_to_its_end_and_makes_nothing_twice(office: Office) -> None:
    office.plan = office.planned().replace("features = [", "features = []\nunused = [")
    dies = office.box.written = Dies()
    for left in range(1, 12):
        dies.left, dies.run = left, asyncio.ensure_future(office.sets_up())
        try:
            code = await dies.run
            break
        except asyncio.CancelledError:
            continue
    assert (code, left > 4) == (DONE, True), office.text
    entra = office.box.entra
    assert len(entra.apps) == len(entra.groups) == 1
    assert len(entra.principals) == 3  # two services', the app's
    assert len(office.box.azure.bots) == 1
    assert not list(office.folder.glob(".*.part"))


def commanded(office: Office, *, removes: bool = False) -> int:
    """As the command line runs it, with the plan in its file."""
    office.said.clear()
    plan = office.folder / "sendwell.toml"
    plan.write_text(office.plan, encoding="utf-8")
    options = command.Options(plan=plan, dry_run=False, agreed=True, removes=removes)
    return command.run(options, office.around(), office, lambda: KEY)


async def test_two_at_once_are_one(office: Office) -> None:
    plan = office.folder / "sendwell.toml"
    plan.write_text(office.plan, encoding="utf-8")
    with alone(plan) as is_alone:
        assert is_alone
        assert await asyncio.to_thread(commanded, office) == DECLINED
    assert "Somebody runs" in office.text
    assert not office.box.entra.apps


async def test_the_plan_names_who_will_decide_where_the_bot_leads_and_what_the_app_asks_for(office: Office) -> None:
    """A plan is a file: somebody may have written themselves into it."""
    office.plan = office.planned(approvers=(BO, CLEO, PEOPLE["dan"].upn))
    assert await office.sets_up(dry_run=True) == DONE
    assert f"make it, with {BO}, {CLEO}, {PEOPLE['dan'].upn}" in office.text
    assert "Exchange.ManageAsApp, " in office.text
    office.acts()
    office.box.azure.groups["sendwell"] = "westeurope"
    office.box.login.administrator.lacks = {"user_impersonation"}
    assert await office.sets_up() == FAILED
    office.box.login.administrator.lacks = set()
    assert await office.sets_up(dry_run=True) == DONE
    assert "make it, leading to https://sendwell.contoso.com/api/messages" in office.text


@pytest.mark.parametrize(
    "line",
    [
        'MicrosoftAppPassword = "known"',
        'SENDWELL_ANONYMOUS = "loopback"',
        'SENDWELL_PACKAGE_ID = "a\\nSENDWELL_ANONYMOUS=loopback"',
    ],
)
async def test_a_plan_sets_nothing_but_its_own_settings(office: Office, line: str) -> None:
    office.plan += f"\n{line}\n"
    assert await asyncio.to_thread(commanded, office) == DECLINED
    assert "cannot be used:\npackage." in office.text


async def test_the_credential_of_another_app_is_kept_and_all_of_it_closed_to_others(office: Office) -> None:
    office.env.path.write_text(f"MicrosoftAppId={_ANOTHERS}\nMicrosoftAppPassword=told-once\n", encoding="utf-8")
    assert await office.sets_up() == DONE, office.text
    copy = office.folder / f".env.{_ANOTHERS}"
    assert "MicrosoftAppPassword=told-once" in copy.read_text(encoding="utf-8")
    assert office.settings["MicrosoftAppPassword"] != "told-once"
    assert "told-once" not in office.text
    assert "more: delete" not in office.text
    office.env.path.chmod(0o644)
    made = office.box.entra.apps[f"sendwell-bot-{KEY}"]
    made.passwords.append({"displayName": "Sendwell set-up"})  # somebody's, under whatever name
    assert await office.sets_up() == DONE, office.text
    assert "+ Settings: let nobody but its owner read" in office.text
    assert {stat.S_IMODE(file.stat().st_mode) for file in (copy, office.env.path)} == {0o600}
    assert "the app has 1 more: delete what nobody of you uses" in office.text


async def test_what_cannot_be_written_is_said(office: Office) -> None:
    office.env.path.mkdir()
    assert await office.sets_up() == FAILED
    assert "What was done stays" in office.text


async def test_remove_goes_through_what_is_in_its_way_and_takes_only_what_the_plan_made(office: Office) -> None:
    await office.sets_up()
    entra, roles = office.box.entra, office.box.tenant.management_roles
    approvers = office.box.tenant.groups.known[office.settings["SENDWELL_APPROVERS_GROUP_ID"]]
    approvers.members.append("dan")
    for principal in entra.principals.values():
        principal.enabled = False
    office.box.login.administrator.lacks = {"AppCatalog.ReadWrite.All"}
    office.plan = office.plan.replace('"containment"', '# "containment"')
    assert await asyncio.to_thread(commanded, office, removes=True) == DONE, office.text
    assert f"stays: others were put into it ({PEOPLE['dan'].upn})" in office.text
    assert "by hand: delete the app" in office.text
    assert not entra.apps
    assert [group.name for group in entra.groups.values()] == [approvers.name, "Sendwell responders"]
    # The apps are gone, and with them whoever could tell their ids: the script of the first run stays.
    assert await asyncio.to_thread(commanded, office, removes=True) == DONE, office.text
    assert run_script((office.folder / "sendwell-exchange-remove.ps1").read_text(encoding="utf-8"), roles) == []
    assert not roles.has("RoleGroup", BOT)
    assert not roles.has("RoleGroup", RESPONDER)


async def test_beginning_anew_takes_back_what_was_made_in_the_sandbox(office: Office) -> None:
    async def restarts(meanwhile: Callable[[], None]) -> None:
        meanwhile()

    await office.sets_up()
    made = office.settings["MicrosoftAppId"]
    office.box.restarts_the_bot(restarts)
    await office.box.begin_anew("honest")
    entra, azure, tenant = office.box.entra, office.box.azure, office.box.tenant
    assert [*entra.apps, *entra.groups, *azure.bots, *azure.groups] == []
    assert not tenant.catalogue.uploaded
    assert len(entra.principals) == 2
    assert made not in tenant.apps
    assert not tenant.management_roles.has("RoleGroup", BOT)
    assert tenant.management_roles.may_run(APP_ID, "Remove-BlockedSenderAddress")
