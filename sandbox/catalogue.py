"""The organisation's app catalogue: takes a package as the Teams admin centre does, and knows which app it names."""

import io
import json
import zipfile
from typing import Any

from sandbox.people import APP_ID


class PackageRefused(Exception):  # noqa: N818 - it is the admin centre's answer
    """Why a package is not taken."""


class Catalogue:
    """One app, Sendwell. It is there from the start, in a version that any upload is higher than."""

    def __init__(self) -> None:
        self._version: tuple[int, ...] = (0, 0, 0)
        self._names = APP_ID
        self.uploaded = False
        self.external = APP_ID

    def may_install_itself(self, app: str) -> bool:
        """Graph lets an app install itself for people only if its package names it in `webApplicationInfo`.

        https://learn.microsoft.com/microsoftteams/platform/graph-api/proactive-bots-and-messages/graph-proactive-bots-and-messages"""
        return app == self._names

    def upload(self, package: bytes) -> None:
        """Take a package.

        Raises:
            PackageRefused: with the admin centre's reason.
        """
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            if "manifest.json" not in opened.namelist():
                raise PackageRefused('The file "manifest.json" could not be found in the app package.')
            manifest: dict[str, Any] = json.loads(opened.read("manifest.json"))
        _refuse_without_channel_features(manifest)
        version = _numbers(manifest["version"])
        if version <= self._version:
            raise PackageRefused("The version of the app must be higher than the one in the catalogue.")
        self._version = version
        self.uploaded, self.external = True, manifest["id"]
        self._names = manifest.get("webApplicationInfo", {}).get("id", "")

    def forget(self) -> None:
        """The app is deleted."""
        self._version, self._names, self.uploaded = (0, 0, 0), "", False


def _refuse_without_channel_features(manifest: dict[str, Any]) -> None:
    in_teams = any("team" in bot["scopes"] for bot in manifest.get("bots", []))
    if in_teams and _numbers(manifest["manifestVersion"]) >= (1, 25) and "supportsChannelFeatures" not in manifest:
        raise PackageRefused(
            "Applications with manifest version 1.25 or higher that support the 'team' scope must include the "
            "'supportsChannelFeatures' property."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
