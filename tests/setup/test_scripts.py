"""The scripts for reading say what `setup` does, and give the same rights."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.exchange_script import run_script
from sandbox.management_roles import ManagementRoles
from services.domain.exchange_roles import BOT as BOT_GROUP
from services.domain.exchange_roles import RESPONDER as RESPONDER_GROUP
from services.domain.exchange_roles import cmdlets_of
from services.setup.needs import BOT, FEATURES, RESPONDER, permissions
from services.setup.scripts import scripts

DEPLOY = Path(__file__).parents[2] / "deploy" / "by-hand"


@pytest.mark.parametrize("name", scripts())
def test_deploy_holds_them_as_they_are_made_today(name: str) -> None:
    """Made anew with `python app.py scripts deploy/by-hand`."""
    assert (DEPLOY / name).read_text(encoding="utf-8") == scripts()[name]


def test_the_apps_ask_for_the_permissions_of_the_table() -> None:
    made = re.findall(r'^New-SendwellApp "[^"]+" @\(([^)]*)\) @\(([^)]*)\)$', scripts()["1-entra.ps1"], re.MULTILINE)
    asked = [set(re.findall(r'"([^"]+)"', graph + exchange)) for graph, exchange in made]
    assert asked == [set().union(*permissions(role, FEATURES).values()) for role in (BOT, RESPONDER)]


def test_the_exchange_script_gives_each_app_its_cmdlets() -> None:
    roles = ManagementRoles()
    roles.knows_principal("APP-ID", "OBJECT-ID")
    roles.knows_principal("SECOND-APP-ID", "SECOND-OBJECT-ID")
    run_script(scripts()["3-exchange.ps1"], roles)
    assert roles.cmdlets_of("APP-ID") == cmdlets_of(BOT_GROUP)
    assert roles.cmdlets_of("SECOND-APP-ID") == cmdlets_of(RESPONDER_GROUP)
    run_script(scripts()["remove-exchange.ps1"], roles)
    assert not roles.cmdlets_of("APP-ID")


def test_the_shell_script_parses() -> None:
    shell = shutil.which("sh")
    assert shell is not None
    subprocess.run([shell, "-n", DEPLOY / "2-azure.sh"], check=True)
