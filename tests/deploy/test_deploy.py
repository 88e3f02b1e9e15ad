"""What is deployed is what runs: the image's files, its health check, and the settings that each way to deploy gives.

No container engine runs here: what the image would do is done by plain processes."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_bicep
import yaml
from aiohttp import web
from tree_sitter import Language, Node, Parser

from sandbox import Sandbox
from sandbox.box import free_port
from services.setting_table import SETTINGS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
NAMES = {one.name for one in SETTINGS}


def of_the_image(instruction: str) -> list[str]:
    """The arguments of an instruction of the last stage."""
    stage = DOCKERFILE.rpartition("\nFROM ")[2]
    return re.findall(rf"^{instruction} (.+)$", stage, re.MULTILINE)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with what the image holds, and nothing else of ours."""
    for source in (copied.split()[0] for copied in of_the_image("COPY") if not copied.startswith("--from")):
        inside = tmp_path / "app" / source
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, inside, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            inside.parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / source, inside)
    for command in of_the_image("RUN"):
        if command.startswith("python "):
            subprocess.run((sys.executable, *command.split()[1:]), cwd=tmp_path / "app", check=True)
    return tmp_path / "app"


def test_the_image_is_compiled_and_a_start_compiles_nothing(image: Path) -> None:
    sources = {path for path in image.rglob("*.py") if "migrations" not in path.parts}
    compiled = {path.parents[1] / f"{path.name.partition('.')[0]}.py" for path in image.rglob("*.pyc")}
    assert len(sources) > 300
    assert sources <= compiled


async def test_the_image_runs_with_what_it_holds_and_writes_only_to_its_data(image: Path, tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    before = sorted(image.rglob("*"))
    (entry,) = of_the_image("ENTRYPOINT")
    program, *arguments = json.loads(entry)
    assert program == "python"
    async with Sandbox(data=tmp_path) as box:
        given = {**box.environment, "SENDWELL_DATABASE_URL": f"sqlite+aiosqlite:///{data / 'sendwell.db'}"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=image, env={**given, "PYTHONDONTWRITEBYTECODE": "1"}, stderr=PIPE
        )
        assert process.stderr is not None
        while b"listening on" not in (line := await asyncio.wait_for(process.stderr.readline(), 60)):
            assert line, "it ended before it listened"
        assert await checked(box.bot_port) == 0
        process.terminate()
        await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert sorted(image.rglob("*")) == before
    assert (data / "sendwell.db").is_file()


@pytest.mark.parametrize("status", [503, None])
async def test_the_health_check_fails_where_nothing_healthy_answers(status: int | None) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status or 200)

    application, port = web.Application(), free_port()
    application.router.add_get("/healthz", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    if status:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    assert await checked(port) != 0
    await runner.cleanup()


async def checked(port: int) -> int:
    """The exit code of the image's health check."""
    (check,) = of_the_image("HEALTHCHECK")
    _, *arguments = json.loads(check.partition("CMD ")[2])
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env={"PORT": str(port)}, stderr=PIPE)
    await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert of_the_image("USER") == ["10001"]


def compose() -> set[str]:
    bot = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["deploy"]["replicas"] == 2
    return set(bot["environment"])


def systemd() -> set[str]:
    return set(re.findall(r"^Environment=(\w+)=", (DEPLOY / "sendwell.service").read_text("utf-8"), re.MULTILINE))


def bicep() -> set[str]:
    text = (DEPLOY / "azure" / "main.bicep").read_text(encoding="utf-8")
    return set(re.findall(r"name: '((?:SENDWELL_|MicrosoftApp)\w+)'", text))


@pytest.mark.parametrize("way", [compose, systemd, bicep])
def test_every_setting_that_a_way_to_deploy_gives_is_one(way: object) -> None:
    given = way()  # type: ignore[operator]  # each is a function without arguments
    assert given
    assert given <= NAMES


def test_the_toolkits_file_publishes_the_package_that_is_made() -> None:
    actions = yaml.safe_load((ROOT / "m365agents.yml").read_text(encoding="utf-8"))
    for stage in ("provision", "publish"):
        made, used = actions[stage]
        package = made["with"]["run"].removeprefix("python -m manifest.package --out ")
        assert used["with"]["appPackagePath"] == f"./{package}"
    assert set(actions["publish"][1]["writeToEnvironmentFile"].values()) <= NAMES


def test_the_bicep_file_is_bicep() -> None:
    source = (DEPLOY / "azure" / "main.bicep").read_bytes()
    tree = Parser(Language(tree_sitter_bicep.language())).parse(source)
    assert [node.start_point.row + 1 for node in _nodes(tree.root_node) if node.is_error or node.is_missing] == []


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)
