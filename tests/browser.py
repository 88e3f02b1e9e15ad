"""Finds a Chromium for the page's stories, installs one where that is allowed, or says how to get one.

`python -m tests.browser` makes sure that there is one, or prints what is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMAND = "apt-get install -y chromium fonts-noto-color-emoji"
_PACKAGES = ("chromium", "fonts-noto-color-emoji")
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FETCHED = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/chrome-linux*/headless_shell")


def find_browser() -> str | None:
    """The system's Chromium, or one that Playwright fetched."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None) or next(_fetched(), None)


def _fetched() -> Iterator[str]:
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folder = Path(given) if given and given != "0" else Path.home() / ".cache" / "ms-playwright"
    return (str(path) for pattern in _FETCHED for path in sorted(folder.glob(pattern)))


def may_install() -> bool:
    """Whether we may install a system package: as root or in CI, on Debian and its relatives."""
    root_or_ci = os.geteuid() == 0 or os.environ.get("CI") == "true"
    return root_or_ci and shutil.which("apt-get") is not None


def install() -> bool:
    """Debian's Chromium with the emoji that cards use."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *_PACKAGES]):
        done = subprocess.run([*sudo, *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return False
    return True


def main() -> int:
    """Returns the exit code: 0, or 1 in CI without a browser, since the stories must not be skipped there."""
    if find_browser() is None and may_install():
        sys.stdout.write("Installing Chromium for the page's stories …\n")
        install()
    browser = find_browser()
    if browser:
        sys.stdout.write(f"The page's stories run in {browser}\n")
        return 0
    if os.environ.get("CI") == "true":
        sys.stderr.write("No Chromium could be installed; without it this run would prove too little.\n")
        return 1
    sys.stderr.write(f"\n*** No Chromium: THE PAGE'S STORIES ARE SKIPPED. To run them: sudo {COMMAND}\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
