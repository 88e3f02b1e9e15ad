"""Whoever is careless, or means harm: two at once, a death after a write, an edited plan, somebody else's things in the
way. Nothing is made twice, nothing of others is lost, and what is said is what is done."""

import asyncio
import stat
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import APP_ID, PEOPLE
from services.domain.exchange_roles import BOT
from services.setup import command
from services.setup.one_at_a_time import alone
from services.setup.run import DECLINED, DONE, FAILED
from tests.exchange_recipe import run_script
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
    assert len(entra.apps) == len(entra.groups) == 2
    assert len(entra.principals) == 5  # two services', two apps', message trace's
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


async def test_the_credential_of_another_app_is_kept(office: Office) -> None:
    office.env.path.write_text(f"MicrosoftAppId={_ANOTHERS}\nMicrosoftAppPassword=told-once\n", encoding="utf-8")
    assert await office.sets_up() == DONE, office.text
    copy = office.folder / f".env.{_ANOTHERS}"
    assert "MicrosoftAppPassword=told-once" in copy.read_text(encoding="utf-8")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert office.settings["MicrosoftAppPassword"] != "told-once"
    assert "told-once" not in office.text


async def test_a_credential_that_somebody_else_may_hold_is_said_before_the_consent(office: Office) -> None:
    await office.sets_up()
    assert "more: delete" not in office.text
    made = office.box.entra.apps[f"sendwell-bot-{KEY}"]
    made.app.add_secret("somebody's")
    made.passwords.append({"displayName": "Sendwell set-up"})
    assert await office.sets_up() == DONE
    assert "the app has 1 more: delete what nobody of you uses" in office.text


async def test_settings_that_others_may_read_are_closed_to_them(office: Office) -> None:
    await office.sets_up()
    office.env.path.chmod(0o644)
    assert await office.sets_up() == DONE, office.text
    assert "+ Settings: let nobody but its owner read" in office.text
    assert stat.S_IMODE(office.env.path.stat().st_mode) == 0o600


async def test_what_cannot_be_written_is_said(office: Office) -> None:
    office.env.path.mkdir()
    assert await office.sets_up() == FAILED
    assert "What was done stays" in office.text


async def test_what_a_plan_no_longer_names_is_taken_back_too(office: Office) -> None:
    await office.sets_up()
    office.plan = office.plan.replace('"containment"', '# "containment"')
    assert await asyncio.to_thread(commanded, office, removes=True) == DONE, office.text
    assert not office.box.entra.apps


async def test_a_group_that_others_were_put_into_stays(office: Office) -> None:
    await office.sets_up()
    group = office.box.tenant.groups.known[office.settings["SENDWELL_APPROVERS_GROUP_ID"]]
    group.members.append("gil")
    assert await office.takes_back() == DONE, office.text
    assert f"stays: others were put into it ({PEOPLE['gil'].upn})" in office.text
    assert [one.name for one in office.box.entra.groups.values()] == [group.name]


async def test_what_keeps_a_set_up_from_going_on_keeps_nobody_from_removing_it(office: Office) -> None:
    await office.sets_up()
    for principal in office.box.entra.principals.values():
        principal.enabled = False
    office.box.login.administrator.lacks = {"AppCatalog.ReadWrite.All"}
    assert await office.takes_back() == DONE, office.text
    assert "by hand: delete the app" in office.text
    assert not office.box.entra.apps


async def test_the_script_that_takes_the_roles_back_still_names_the_apps_once_they_are_gone(office: Office) -> None:
    await office.sets_up()
    for _ in range(2):
        assert await office.takes_back() == DONE, office.text
    script = (office.folder / "sendwell-exchange-remove.ps1").read_text(encoding="utf-8")
    assert run_script(script, office.box.tenant.management_roles) == []
    assert not office.box.tenant.management_roles.has("RoleGroup", BOT)


async def test_beginning_anew_takes_back_what_was_made_in_the_sandbox(office: Office) -> None:
    async def restarts(meanwhile: object) -> None:
        assert callable(meanwhile)
        meanwhile()

    await office.sets_up()
    made = office.settings["MicrosoftAppId"]
    office.box.restarts_the_bot(restarts)
    await office.box.begin_anew("honest")
    entra, azure, tenant = office.box.entra, office.box.azure, office.box.tenant
    assert not (entra.apps or entra.groups or azure.bots or azure.groups or tenant.catalogue.uploaded)
    assert len(entra.principals) == 2
    assert made not in tenant.apps
    assert not tenant.management_roles.has("RoleGroup", BOT)
    assert tenant.management_roles.may_run(APP_ID, "Remove-BlockedSenderAddress")
    assert await office.sets_up() == DONE, office.text
