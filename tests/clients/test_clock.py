"""A clock that the sandbox moves: ahead by what a file says, never back, and only beside the sandbox itself."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.clock import MovableClock
from services.clients.clock import MovedClock
from services.settings import FaultySettingsError, read_settings
from tests.test_settings_table import REQUIRED

DAY = timedelta(days=1)


def ahead(clock: MovedClock | MovableClock) -> int:
    """Whole hours before the machine's clock."""
    return round((clock.now() - datetime.now(UTC)) / timedelta(hours=1))


def test_the_bots_clock_goes_with_the_sandboxs(tmp_path: Path) -> None:
    sandbox, bot = MovableClock(), MovedClock(tmp_path / "clock")
    sandbox.begin(tmp_path / "clock")
    assert (ahead(sandbox), ahead(bot)) == (0, 0)
    sandbox.move(DAY)
    assert (ahead(sandbox), ahead(bot)) == (24, 24)
    sandbox.move(timedelta(hours=1))
    assert (ahead(sandbox), ahead(bot)) == (25, 25)


def test_it_never_goes_back_and_a_file_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    bot = MovedClock(file)
    assert ahead(bot) == 0
    file.write_text("86400")
    assert ahead(bot) == 24
    for text in ("0", "", "soon", "9" * 30, "-3600"):
        file.write_text(text)
        assert ahead(bot) == 24
    file.unlink()
    assert ahead(bot) == 24


def test_the_sandbox_goes_on_where_a_run_before_stopped(tmp_path: Path) -> None:
    first, second = MovableClock(), MovableClock()
    first.begin(tmp_path / "clock")
    first.move(DAY)
    second.begin(tmp_path / "clock")
    assert ahead(second) == 24
    second.begin_anew()
    assert ahead(second) == ahead(MovedClock(tmp_path / "clock")) == 0


@pytest.mark.parametrize("by", [timedelta(), -DAY, 500 * DAY])
def test_nobody_moves_it_back_or_far(tmp_path: Path, by: timedelta) -> None:
    sandbox = MovableClock()
    sandbox.begin(tmp_path / "clock")
    with pytest.raises(ValueError, match="ahead only"):
        sandbox.move(by)


@pytest.mark.parametrize(
    "away",
    [{"HOST": "0.0.0.0"}, {"SENDWELL_LOGIN_URL": "https://login.microsoftonline.com"}, {"SENDWELL_LOGIN_URL": ""}],
)
def test_beside_a_real_tenant_no_clock_is_moved(tmp_path: Path, away: Mapping[str, str]) -> None:
    here = {"HOST": "127.0.0.1", "SENDWELL_LOGIN_URL": "https://localhost:8701"}
    moved = {**REQUIRED, **here, "SENDWELL_CLOCK_FILE": str(tmp_path / "clock")}
    assert read_settings(moved).clock_file == tmp_path / "clock"
    with pytest.raises(FaultySettingsError, match="SENDWELL_CLOCK_FILE"):
        read_settings({**moved, **away})
