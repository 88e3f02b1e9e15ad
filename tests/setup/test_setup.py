"""From nothing to a tenant that Sendwell runs in; what is there already stays, and what fails goes on later."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.x509 import load_pem_x509_certificate

from sandbox import Sandbox
from sandbox.azure import SUBSCRIPTION
from sandbox.people import PEOPLE
from sandbox.registrations import Registration
from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from services.setup import command
from services.setup.questions import QUESTIONS
from services.setup.run import DECLINED, DONE, FAILED, LEFT
from tests.setup.office import BO, CLEO, GIVEN, KEY, Office
from tests.test_app import started

ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with Sandbox(data=tmp_path / "box") as box:
        yield Office(box=box, folder=tmp_path)


def app_of(office: Office, role: str = "bot") -> Registration:
    return office.box.entra.apps[f"sendwell-{role}-{KEY}"].app


async def test_from_nothing_to_everything(office: Office) -> None:
    office.acts()
    assert await office.sets_up() == DONE, office.text
    tenant, settings = office.box.tenant, office.settings
    assert settings["MicrosoftAppId"] == app_of(office).id
    for role, group in (("bot", BOT), ("responder", RESPONDER)):
        granted = tenant.management_roles.cmdlets_of(app_of(office, role).id)
        assert granted == cmdlets_of(group)
    approvers = tenant.groups.known[settings["SENDWELL_APPROVERS_GROUP_ID"]]
    assert approvers.members == ["bo", "cleo"]
    ((_, bot),) = office.box.azure.bots
    assert (
        office.box.azure.bots["sendwell", bot]["properties"]["endpoint"] == "https://sendwell.contoso.com/api/messages"
    )
    assert tenant.catalogue.uploaded


async def test_a_second_run_changes_nothing(office: Office) -> None:
    office.acts()
    await office.sets_up()
    before = office.everything()
    assert await office.sets_up() == DONE
    assert office.everything() == before
    assert "\n+" not in office.text


async def test_the_least_asks_for_three_permissions_and_makes_no_second_app(office: Office) -> None:
    office.plan = office.planned().replace("features = [", "features = []\nunused = [")
    office.acts()
    assert await office.sets_up() == DONE, office.text
    assert app_of(office).roles == {"User.Read.All", "GroupMember.Read.All", "Exchange.ManageAsApp"}
    assert len(office.box.entra.apps) == 1
    assert "message trace" not in office.text


def written(office: Office) -> list[str]:
    """What anybody was asked to change, a sign-in apart, and every file of the administrator's."""
    asked = [one for one in office.box.written if "/oauth2/" not in one]
    return [*asked, *(str(file) for file in office.folder.rglob("*") if office.folder / "box" not in file.parents)]


async def test_a_dry_run_says_all_and_writes_nothing(office: Office) -> None:
    before = written(office)
    assert await office.sets_up(dry_run=True) == DONE
    assert f"+ Group “Sendwell approvers”: make it, with {BO}, {CLEO}" in office.text
    assert written(office) == before
    office.acts()
    assert await office.sets_up() == DONE
    assert len(written(office)) > 20  # so a write would have been seen
    before = written(office)
    assert await office.sets_up(dry_run=True) == DONE
    assert await office.takes_back(dry_run=True) == DONE
    assert written(office) == before


async def test_a_dry_run_without_a_plan_asks_for_one_and_keeps_none(office: Office) -> None:
    before = written(office)
    typed = {name: one if isinstance(one, str) else ", ".join(one) for name, one in GIVEN.items()}
    office.answers = [typed.get(one.name, "") for one in QUESTIONS]
    options = command.Options(plan=office.folder / "sendwell.toml", dry_run=True, agreed=False, removes=False)
    code = await asyncio.to_thread(command.run, options, office.around(), office, lambda: KEY)
    assert (code, "+ Group “Sendwell approvers”" in office.text) == (DONE, True), office.text
    assert written(office) == before


async def test_nothing_is_done_without_a_yes(office: Office) -> None:
    office.answers = ["n"]
    assert await office.sets_up() == DECLINED
    assert not office.box.entra.apps


async def test_what_is_left_to_a_human_is_said_and_goes_on_later(office: Office) -> None:
    assert await office.sets_up() == LEFT
    assert "Left: Consent to the permissions of “Sendwell”" in office.text
    assert not app_of(office).roles
    office.acts()
    assert await office.sets_up() == DONE, office.text


@pytest.mark.parametrize("nth", range(6))
async def test_an_answer_that_is_lost_makes_nothing_twice(office: Office, nth: int) -> None:
    office.acts()
    office.box.entra.loses_answer(nth)
    code = await office.sets_up()
    if code == FAILED:
        assert "goes on from here" in office.text
        assert await office.sets_up() == DONE, office.text
    assert len(office.box.entra.apps) == len(office.box.entra.groups) == 2
    assert len(office.box.entra.principals) == 5  # two services', two apps', message trace's


async def test_an_app_of_the_same_name_is_nobody_we_know(office: Office) -> None:
    thief = office.box.entra.made_by_somebody("Sendwell")
    office.acts()
    assert await office.sets_up() == DONE, office.text
    assert office.settings["MicrosoftAppId"] != thief.id
    assert not thief.roles


async def test_a_bot_of_another_app_is_left_alone(office: Office) -> None:
    office.box.azure.has_bot("sendwell", "sendwell-bot", app="5a4d8f2e-0000-4000-8000-0000000000b0")
    office.acts()
    assert await office.sets_up() == FAILED
    assert "“sendwell-bot” is another app's bot" in office.text


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("Application.ReadWrite.All", "Application Administrator"),
        ("Group.ReadWrite.All", "Groups Administrator"),
        ("user_impersonation", "Contributor"),
    ],
)
async def test_an_account_that_may_not_is_told_which_role_may(office: Office, lacks: str, said: str) -> None:
    office.box.login.administrator.lacks = {lacks}
    office.acts()
    assert await office.sets_up() == FAILED
    assert said in office.text


async def test_who_is_no_teams_administrator_hands_the_package_on(office: Office) -> None:
    office.box.login.administrator.lacks = {"AppCatalog.ReadWrite.All"}
    office.acts()
    assert await office.sets_up() == LEFT
    assert "Teams Administrator" in office.text
    assert (office.folder / "sendwell.zip").is_file()


async def test_somebody_who_closes_the_browser_has_nothing_done(office: Office) -> None:
    office.box.login.administrator.refuses = True
    assert await office.sets_up() == FAILED
    assert "The end user declined" in office.text


@pytest.mark.parametrize("credential", ["certificate", "secret"])
async def test_what_is_secret_stays_on_this_machine_and_is_its_owners(office: Office, credential: str) -> None:
    office.plan = office.planned(credential=credential)
    office.acts()
    assert await office.sets_up() == DONE, office.text
    assert stat.S_IMODE(office.env.path.stat().st_mode) == 0o600
    if credential == "secret":
        secret = office.settings["MicrosoftAppPassword"]
        assert secret not in office.text
        assert list(app_of(office).secrets_like(secret))
        return
    file = Path(office.settings["SENDWELL_CERTIFICATE_FILE"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert app_of(office).certificates == [load_pem_x509_certificate(file.read_bytes())]
    assert "PRIVATE" not in str(office.box.entra.apps[f"sendwell-bot-{KEY}"].body)


async def test_a_credential_that_the_login_refuses_is_made_anew(office: Office) -> None:
    office.acts()
    await office.sets_up()
    before = office.settings["MicrosoftAppPassword"]
    app_of(office).take_credentials_away()
    assert await office.sets_up() == DONE, office.text
    assert office.settings["MicrosoftAppPassword"] != before


async def test_permissions_that_somebody_added_are_taken_off_the_list(office: Office) -> None:
    office.acts()
    await office.sets_up()
    made = office.box.entra.apps[f"sendwell-bot-{KEY}"]
    made.body["requiredResourceAccess"] = []
    made.body["signInAudience"] = "AzureADMultipleOrgs"
    assert await office.sets_up() == DONE, office.text
    assert made.body["signInAudience"] == "AzureADMyOrg"
    assert len(made.body["requiredResourceAccess"]) == 2


async def test_a_group_of_one_is_not_enough(office: Office) -> None:
    office.plan = office.planned(approvers=(PEOPLE["bo"].upn,))
    office.acts()
    assert await office.sets_up() == LEFT
    assert "1 of its members may sign in; it takes 2" in office.text


async def test_a_name_that_nobody_has_is_said(office: Office) -> None:
    office.plan = office.planned(approvers=("nobody@contoso.example", PEOPLE["bo"].upn))
    assert await office.sets_up() == FAILED
    assert "nobody with the user name nobody@contoso.example" in office.text
    assert not office.box.entra.apps  # said with the plan, before anything was made


async def test_enter_before_it_is_done_says_that_it_was_looked_at(office: Office) -> None:
    office.answers = ["y", "", "s"]
    assert await office.sets_up() == LEFT
    assert "Looked again: it is not there, or does not show yet." in office.text


async def test_what_is_missing_whole_is_one_line(office: Office) -> None:
    assert await office.sets_up() == LEFT
    assert "Roles in Exchange: none of the 27 cmdlets is granted yet" in office.text
    assert "Consent to the permissions of “Sendwell”: none of the 12 is given yet" in office.text


async def test_lines_of_others_stay_in_the_settings(office: Office) -> None:
    office.env.path.write_text("# mine\nPORT=4000\nMicrosoftAppId=old\n", encoding="utf-8")
    office.acts()
    assert await office.sets_up() == DONE, office.text
    lines = office.env.path.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["# mine", "PORT=4000", f"MicrosoftAppId={app_of(office).id}"]


async def test_everything_is_taken_back_and_nothing_else(office: Office) -> None:
    office.acts()
    others = office.box.entra.made_by_somebody("Sendwell")
    office.box.azure.has_bot("sendwell", "another-bot", app=others.id)
    await office.sets_up()
    assert await office.takes_back() == DONE, office.text
    office.runs_the_removal()
    entra, tenant = office.box.entra, office.box.tenant
    assert [made.app for made in entra.apps.values()] == [others]
    assert not entra.groups
    assert list(office.box.azure.bots) == [("sendwell", "another-bot")]
    assert not tenant.catalogue.uploaded
    assert not tenant.management_roles.has("RoleGroup", BOT)
    assert not tenant.management_roles.has("ManagementRole", "Sendwell Lists")
    assert await office.takes_back() == DONE
    assert "was not there" in office.text


async def test_the_script_can_be_run_again(office: Office) -> None:
    office.acts()
    await office.sets_up()
    office.runs_the_script()
    assert office.box.tenant.management_roles.cmdlets_of(app_of(office).id) == cmdlets_of(BOT)


async def test_the_command_plans_against_a_tenant_and_asks_nobody_without_a_terminal(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path / "box") as box:
        office = Office(box=box, folder=tmp_path)
        box.entra.slow = 0
        environment = {**box.environment, "PYTHONPATH": str(ROOT), "SENDWELL_AZURE_URL": box.azure.base_url}
        code, out, _ = await started(environment, tmp_path, "setup")
        assert (code, "There is no sendwell.toml" in out) == (DECLINED, True)
        (tmp_path / "sendwell.toml").write_text(office.plan, encoding="utf-8")
        code, out, err = await started(environment, tmp_path, "setup", "--yes", "--env", "made.env")
        assert (code, err) == (LEFT, ""), out
        assert "What is left:" in out
        assert SUBSCRIPTION in office.plan
