"""The arrows point down only."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOMAIN, SETTINGS = "services.domain", "services.settings"
PORTS = sorted(f"services.{path.stem}" for path in (ROOT / "services").glob("ports*.py"))
VALUES = "services.setting_values"
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    # room: (what of ours it may import, which packages)
    "services/domain": ({DOMAIN}, set()),
    **{f"{name.replace('.', '/')}.py": ({DOMAIN, "services.ports"}, set[str]()) for name in PORTS},
    "services/settings.py": ({DOMAIN, VALUES}, set()),
    "services/setting_values.py": (set(), set()),
    "cards": ({DOMAIN, "services.ports_messages", "cards"}, {"adaptivecards", "babel"}),
    "dialogs": ({"cards", DOMAIN, *PORTS, "dialogs"}, set()),
    "services/clients": (
        {DOMAIN, *PORTS, SETTINGS, "services.clients"},
        {"aiohttp", "yarl", "msal", "requests", "cryptography", "sqlalchemy", "alembic", "pydantic"},
    ),
    "bot": (
        {"dialogs", "cards", DOMAIN, *PORTS, SETTINGS, "bot"},
        {"botbuilder", "botframework", "aiohttp", "yarl", "jwt"},
    ),
    "sandbox": ({"sandbox"}, {"aiohttp", "cryptography", "trustme", "jwt"}),
    "manifest": ({"manifest"}, {"PIL"}),
}
OURS = ("app", "bot", "cards", "dialogs", "manifest", "sandbox", "services", "tests")


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the arrows"
            names.add(node.module or "")
    return names


def files_of(room: str) -> list[Path]:
    path = ROOT / room
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_looks_downstairs_only(room: str) -> None:
    ours, packages = ROOMS[room]
    files = [path for path in files_of(room) if "node_modules" not in path.parts]
    assert files
    for path in files:
        for name in imports_of(path):
            top = name.partition(".")[0]
            if top in OURS:
                assert any(name == allowed or name.startswith(f"{allowed}.") for allowed in ours), f"{path}: {name}"
            elif top not in sys.stdlib_module_names:
                assert top in packages, f"{path}: {name}"


def test_only_the_edge_knows_the_bot_framework() -> None:
    knowing = {
        path.relative_to(ROOT).parts[0]
        for room in OURS
        for path in files_of(room if (ROOT / room).exists() else f"{room}.py")
        if "node_modules" not in path.parts
        and any(name.partition(".")[0] in ("botbuilder", "botframework") for name in imports_of(path))
    }
    assert knowing <= {"bot", "app.py"}
