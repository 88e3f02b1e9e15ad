"""`python -m tests.again …`: pytest with these arguments; what failed is run once more, alone.

What fails again fails the run. What only then passes is printed under UNSTEADY, and the run passes: such a test is a
defect to mend next. Nothing is run again where a test could not be collected, where pytest itself failed, or where
so much failed that the tree is broken."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

AGAIN_AT_MOST = 20
_RECORD = "--failures-to"


def main(arguments: list[str]) -> int:
    """pytest's exit code: of the first run, or of the second where there was one."""
    with TemporaryDirectory() as folder:
        record = Path(folder) / "failures.json"
        code = _pytest(record, arguments)
        failed = json.loads(record.read_text(encoding="utf-8")) if record.exists() else []
        if code != pytest.ExitCode.TESTS_FAILED or not 0 < len(failed) <= AGAIN_AT_MOST:
            return code
        return _pytest(record, ["-n", "0", *failed])


def _pytest(record: Path, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-p", "tests.again", f"{_RECORD}={record}", *arguments]
    return subprocess.run(command, check=False).returncode


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(_RECORD, dest="failures_to", type=Path, help="where the names of failed tests are kept")


def pytest_configure(config: pytest.Config) -> None:
    record = config.getoption("failures_to")
    if record is not None and not hasattr(config, "workerinput"):  # a worker reports to the process that began it
        config.pluginmanager.register(Failures(record))


class Failures:
    """Keeps the names of the tests that failed. A record that is there already names those to run again: each has to
    pass now, and is unsteady if it does."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._again: list[str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else []
        self._failed: dict[str, None] = {}
        self._passed: set[str] = set()
        self._uncollected = False

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._uncollected |= report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed[report.nodeid] = None
        elif report.when == "call" and report.passed:
            self._passed.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._again and not set(self._again) <= self._passed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED  # skipped or missing now, which is not a pass
        names = [] if self._uncollected else list(self._failed)
        self._record.write_text(json.dumps(names), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        unsteady = [name for name in self._again if name in self._passed and name not in self._failed]
        if unsteady:
            terminalreporter.section("UNSTEADY")
            terminalreporter.write_line("These failed among the others and passed alone; each is a defect to mend:")
            for name in unsteady:
                terminalreporter.write_line(name)
        if len(self._failed) > AGAIN_AT_MOST:
            terminalreporter.write_line(f"More than {AGAIN_AT_MOST} failed: none of them is run again.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
