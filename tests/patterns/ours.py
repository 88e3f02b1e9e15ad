"""Every pattern of our packages, and how it is used."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "bot", "cards", "dialogs", "services")
ELSEWHERE = ("services.domain.bounce",)
"""Judged by tests of their own."""
_METHODS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")
_OF_RE = {f"re.{name}" for name in (*_METHODS, "subn", "compile")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A compiled pattern of a module. `method`: how it is used; `search`, the hardest, where that cannot be seen."""

    name: str
    pattern: re.Pattern[str]
    method: str


def patterns() -> list[Ours]:
    """Every compiled pattern that a module of ours holds, also within its tables."""
    return [found for module in _modules() for found in _in_module(module)]


def patterns_elsewhere() -> list[str]:
    """Where a pattern is made or used by text within a function, out of reach of this inspection: `file:line`."""
    files = [path for package in PACKAGES for path in ((ROOT / package).rglob("*.py"), [ROOT / f"{package}.py"])]
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (path for group in files for path in group)
        if path.exists() and not _is_elsewhere(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for line in _hidden(ast.parse(path.read_text(encoding="utf-8")))
    ]


def _hidden(tree: ast.Module) -> Iterator[int]:
    bodies = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))
    calls = (call for body in bodies for call in ast.walk(body) if isinstance(call, ast.Call))
    for call in calls:
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) in _OF_RE:
            yield call.lineno


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        top = importlib.import_module(package)
        yield top
        for found in pkgutil.walk_packages(getattr(top, "__path__", ()), f"{package}."):
            if not _is_elsewhere(found.name) and ".migrations" not in found.name:
                yield importlib.import_module(found.name)


def _is_elsewhere(module: str) -> bool:
    return module.startswith(ELSEWHERE)


def _in_module(module: ModuleType) -> Iterator[Ours]:
    source = Path(module.__file__ or "").read_text(encoding="utf-8") if module.__file__ else ""
    defined = {
        target.id
        for node in ast.parse(source).body
        for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
        if isinstance(target, ast.Name)
    }
    for name in sorted(defined):
        for pattern in _held(getattr(module, name, None)):
            used = re.findall(rf"\b{re.escape(name)}\.({'|'.join(_METHODS)})\(", source)
            direct = isinstance(getattr(module, name), re.Pattern)
            method = max(used, key=_hardness) if used and direct else "search"
            yield Ours(name=f"{module.__name__}.{name}", pattern=pattern, method=method)


def _hardness(method: str) -> int:
    return {"fullmatch": 0, "match": 1}.get(method, 2)


def _held(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from _held(tuple(value.items()))
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _held(item)
