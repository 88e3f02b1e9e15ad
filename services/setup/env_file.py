"""The `.env` that a set-up fills in: it keeps every other line as it is, and nobody else may read it."""

import os
from collections.abc import Mapping
from pathlib import Path

from services.settings import read_env_file


class EnvFile:
    """One file of `NAME=value` lines."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def value(self, name: str) -> str:
        """Empty if it is not set."""
        return read_env_file(self.path).get(name, "")

    def lacks(self, settings: Mapping[str, str]) -> list[str]:
        """The names whose value in the file is another."""
        held = read_env_file(self.path)
        return [name for name, value in settings.items() if held.get(name, "") != value]

    def is_open_to_others(self) -> bool:
        """Whether anybody but its owner may read or change it."""
        return self.path.is_file() and bool(self.path.stat().st_mode & 0o077)

    def write(self, settings: Mapping[str, str]) -> None:
        """Set these, each where it stands or at the end; an empty value takes its line away. All or nothing."""
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []
        kept, left = [], dict(settings)
        for line in lines:
            name = line.strip().removeprefix("export ").partition("=")[0].strip()
            if name not in settings:
                kept.append(line)
            elif value := left.pop(name, ""):
                kept.append(f"{name}={value}")
        kept += [f"{name}={value}" for name, value in left.items() if value]
        write_private(self.path, ("\n".join(kept) + "\n").encode())


def write_private(path: Path, content: bytes) -> None:
    """A file that only its owner may read, from its first byte on; the old one stays until the new one is whole."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
