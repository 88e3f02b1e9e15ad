"""Which folder may import which, and where time, environment and randomness may be read."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOMAIN, PORTS, SETTINGS, VALUES = "services.domain", "services.ports", "services.settings", "services.setting_values"
POWERSHELL = "services.powershell_settings"
CLOUDS = "services.clouds"
OBSERVING, VERSION = "services.observing_settings", "services.version"
WEBHOOK = "services.webhook_settings"
RULES = "services.rules"
CASEWORK = "dialogs.casework"
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    # folder: (which of our folders it may import, which packages)
    "services/domain": ({DOMAIN}, set()),
    "services/ports": ({DOMAIN, PORTS}, set()),
    "services/clouds.py": (set(), set()),
    "services/cloud_settings.py": ({CLOUDS, VALUES}, set()),
    "services/powershell_settings.py": ({CLOUDS, VALUES}, set()),
    "services/observing_settings.py": ({VALUES}, set()),
    "services/webhook_settings.py": ({VALUES, f"{DOMAIN}.public_address"}, set()),
    "services/settings.py": (
        {"services.cloud_settings", CLOUDS, DOMAIN, OBSERVING, POWERSHELL, RULES, VALUES, WEBHOOK},
        set(),
    ),
    "services/rules": ({DOMAIN, RULES, VALUES}, set()),
    "services/version.py": (set(), set()),
    "services/setting_values.py": (set(), set()),
    "services/setting_table.py": (set(), set()),
    "services/setting_names.py": ({"services.setting_table"}, set()),
    "services/bounce_files.py": ({DOMAIN}, set()),
    "services/command_line.py": ({DOMAIN, VERSION, "services.inspecting"}, set()),
    "cards": ({DOMAIN, "cards"}, {"adaptivecards", "babel"}),
    "dialogs/casework": ({"cards", DOMAIN, PORTS, CASEWORK}, set()),
    "dialogs/conversations": ({"cards", DOMAIN, PORTS, CASEWORK, "dialogs.conversations"}, set()),
    "dialogs/jobs": ({"cards", DOMAIN, PORTS, CASEWORK, "dialogs.jobs"}, set()),
    "dialogs/build.py": ({"cards", DOMAIN, PORTS, "dialogs"}, set()),
    "services/clients": (
        {CLOUDS, DOMAIN, PORTS, POWERSHELL, SETTINGS, VERSION, WEBHOOK, "services.clients"},
        {
            *("aiohttp", "yarl", "msal", "requests", "cryptography", "sqlalchemy", "alembic", "pydantic"),
            *("prometheus_client", "opentelemetry"),
        },
    ),
    "services/inspecting": ({DOMAIN, PORTS, "services.clients", "services.inspecting"}, set()),
    "services/recording": (
        {CLOUDS, DOMAIN, PORTS, SETTINGS, "services.clients", "services.recording"},
        {"aiohttp", "yarl"},
    ),
    "services/setup": (
        {CLOUDS, DOMAIN, PORTS, SETTINGS, "services.clients", "services.setup"},
        {"aiohttp", "cryptography", "msal", "requests"},
    ),
    "bot/composition.py": ({"bot", "cards", "dialogs", "services"}, {"aiohttp"}),
    "bot/of_settings.py": ({"cards", DOMAIN, PORTS, CLOUDS, SETTINGS, "services.clients"}, set()),
    "bot": (
        {"dialogs", "cards", DOMAIN, PORTS, SETTINGS, "bot"},
        {"botbuilder", "botframework", "aiohttp", "yarl", "jwt"},
    ),
    "sandbox": ({"sandbox"}, {"aiohttp", "cryptography", "trustme", "jwt"}),
    "manifest": ({"manifest", VERSION}, {"PIL"}),
}
OWNERS = {
    # the only files that may read the time, the environment or random values
    "app.py",
    "bot/composition.py",
    "services/clients/clock.py",
    "services/clients/unknown_password.py",
    "services/settings.py",
    "manifest/package.py",
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


def own_files_of(room: str) -> set[Path]:
    """Without what is a room of its own inside of it."""
    inner = {file for other in ROOMS if other.startswith(f"{room}/") for file in files_of(other)}
    return {path for path in files_of(room) if "node_modules" not in path.parts} - inner


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_looks_downstairs_only(room: str) -> None:
    ours, packages = ROOMS[room]
    files = own_files_of(room)
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
    assert knowing == {"bot"}


def asked_of_the_world(path: Path) -> list[str]:
    """Calls that read the time or random values, and reads of the environment. A clock that is only the default of a
    parameter is not a call."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)).endswith(TELLING):
            found.append(f"{path.name}:{node.lineno}: {name}()")
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in ENVIRONMENT:
            found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
            found += [f"{path.name}:{node.lineno}: {name}" for name in names & CHANCE]
    return found


TELLING = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic", "uuid4")
ENVIRONMENT = ("os.environ", "environ", "os.getenv", "getenv")
CHANCE = {"random", "secrets", "uuid4", "uuid1"}


def test_time_environment_and_chance_are_asked_for_in_few_places() -> None:
    files = [path for room in ("app.py", "bot", "cards", "dialogs", "manifest", "services") for path in files_of(room)]
    asking = {path: asked for path in files if (asked := asked_of_the_world(path))}
    strangers = [asked for path, asked in asking.items() if path.relative_to(ROOT).as_posix() not in OWNERS]
    assert not strangers
    assert {ROOT / "app.py", ROOT / "services/clients/clock.py"} <= asking.keys(), "the search finds what is there"


def test_every_file_belongs_to_a_room() -> None:
    roomed = {path for room in ROOMS for path in files_of(room)}
    everything = {path for top in ("cards", "dialogs", "services", "bot") for path in files_of(top)}
    assert {path for path in everything - roomed if path.name != "__init__.py"} == set()


HANDED_IN_AT_MOST = 6


def test_no_constructor_is_handed_more_than_six_things() -> None:
    """Constructors take groups of ports as one value: `Microsoft365`, `Storage`, `Teams`."""
    files = [path for room in ("app.py", "bot", "dialogs", "services") for path in files_of(room)]
    constructors = {
        f"{path.relative_to(ROOT)}:{node.name}": len(made.args.args) - 1 + len(made.args.kwonlyargs)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for made in node.body
        if isinstance(made, ast.FunctionDef) and made.name == "__init__"
    }
    assert len(constructors) > 40
    assert {name for name, number in constructors.items() if number > HANDED_IN_AT_MOST} == set()
