"""An app package as it is uploaded, opened."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPackage:
    """The files of a package by their names, its manifest, and the manifest of the package made before it (empty if
    there is none). Parts of the manifest that are missing or of another type read as empty."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)

    def text(self, *path: str) -> str:
        """The text at this place of the manifest."""
        part: Any = self.manifest
        for name in path:
            part = part.get(name) if isinstance(part, Mapping) else None
        return part if isinstance(part, str) else ""

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        return objects(self.manifest.get(name))

    @property
    def bot(self) -> Mapping[str, Any]:
        """The bot; an app has one at most."""
        return next(iter(self.objects("bots")), {})


def objects(part: Any) -> list[Mapping[str, Any]]:
    """The objects of a JSON list."""
    return [item for item in part if isinstance(item, Mapping)] if isinstance(part, list) else []


def open_package(content: bytes, before: bytes | None = None) -> AppPackage:
    """A package from its bytes; `before`: those of the package made before.

    Raises:
        zipfile.BadZipFile: it is no zip.
    """
    files = _files(content)
    return AppPackage(files=files, manifest=_manifest(files), before=_manifest_before(before))


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def _manifest(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    try:
        manifest = json.loads(files.get("manifest.json", b""))
    except ValueError:
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _manifest_before(content: bytes | None) -> Mapping[str, Any]:
    """A file in the package's place that is no package is none made before."""
    try:
        return _manifest(_files(content)) if content else {}
    except zipfile.BadZipFile:
        return {}
