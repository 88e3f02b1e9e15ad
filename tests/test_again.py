"""Tests of `tests.again`, with small projects of their own."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.again import AGAIN_AT_MOST

ROOT = Path(__file__).parents[1]
STEADY = """
def test_steady():
    pass
"""
ONLY_THE_FIRST_TIME = """
from pathlib import Path

def test_unsteady():
    been = Path("been")
    first = not been.exists()
    been.touch()
    assert not first
"""
ALWAYS = """
def test_broken():
    assert False
"""


class Project:
    """A folder with tests in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "pytest.ini").write_text("[pytest]\naddopts = -q -p xdist -p no:cacheprovider\n", encoding="utf-8")

    def has(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"test_{name}.py").write_text(dedent(text), encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and what was printed."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment.pop("PYTEST_XDIST_WORKER", None)
        command = [sys.executable, "-m", "tests.again", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        return done.returncode, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def lines_under(heading: str, printed: str) -> list[str]:
    """The test names under a heading of pytest's."""
    rest = printed.partition(f" {heading} ")[2].splitlines()[1:]
    return [line for line in rest if line.startswith("test_")]


def test_what_passes_is_not_run_again(project: Project) -> None:
    project.has(steady=STEADY)
    code, printed = project.run()
    assert code == 0
    assert printed.count(" passed in ") == 1
    assert "UNSTEADY" not in printed


def test_what_passes_alone_is_named_and_passes_the_run(project: Project) -> None:
    project.has(steady=STEADY, unsteady=ONLY_THE_FIRST_TIME)
    code, printed = project.run("-n", "1")
    assert code == 0
    assert lines_under("UNSTEADY", printed) == ["test_unsteady.py::test_unsteady"]
    assert "1 failed, 1 passed in " in printed
    assert printed.splitlines()[-1].startswith("1 passed in ")


def test_what_fails_again_fails_the_run_and_what_does_not_is_named_all_the_same(project: Project) -> None:
    project.has(steady=STEADY, unsteady=ONLY_THE_FIRST_TIME, broken=ALWAYS)
    code, printed = project.run()
    assert code == 1
    assert lines_under("UNSTEADY", printed)[0] == "test_unsteady.py::test_unsteady"
    assert "FAILED test_broken.py::test_broken" in printed.partition("UNSTEADY")[2]
    assert printed.splitlines()[-1].startswith("1 failed, 1 passed in ")


def test_names_with_odd_signs_are_found_again(project: Project) -> None:
    project.has(
        odd="""
        from pathlib import Path
        import pytest

        @pytest.mark.parametrize("word", ["a b", "x::y", "[z]", "ü-'\\""])
        def test_odd(word):
            been = Path(f"been {word}")
            first = not been.exists()
            been.touch()
            assert not first
        """
    )
    code, printed = project.run()
    assert code == 0
    assert len(lines_under("UNSTEADY", printed)) == 4


def test_a_fixture_that_fails_is_a_failure_like_another(project: Project) -> None:
    project.has(
        fixture="""
        from pathlib import Path
        import pytest

        @pytest.fixture
        def world():
            yield
            been = Path("been")
            first = not been.exists()
            been.touch()
            assert not first

        def test_in_the_world(world):
            pass
        """
    )
    code, printed = project.run()
    assert code == 0
    assert lines_under("UNSTEADY", printed) == ["test_fixture.py::test_in_the_world"]


def test_what_is_skipped_the_second_time_has_not_passed(project: Project) -> None:
    project.has(
        shy="""
        from pathlib import Path
        import pytest

        def test_shy():
            been = Path("been")
            if been.exists():
                pytest.skip("not today")  # skipped the second time: that is no pass
            been.touch()
            assert False
        """
    )
    code, printed = project.run()
    assert code == 1
    assert "UNSTEADY" not in printed


@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_cannot_be_collected_fails_at_once_whatever_else_failed(project: Project, workers: str) -> None:
    project.has(steady=STEADY, unsteady=ONLY_THE_FIRST_TIME, uncollected="import nothing_of_that_name")
    code, printed = project.run("-n", workers)
    assert code != 0
    assert "UNSTEADY" not in printed
    assert printed.count("short test summary info") == 1


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_test_that_ends_its_process_fails_the_run(project: Project, workers: str) -> None:
    project.has(deadly="import os\n\ndef test_deadly():\n    os._exit(7)\n")
    code, printed = project.run("-n", workers)
    assert code != 0
    assert "UNSTEADY" not in printed


def test_no_tests_at_all_fail_the_run(project: Project) -> None:
    assert project.run()[0] == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_broken_tree_is_not_run_twice(project: Project) -> None:
    project.has(
        many=f"""
        import pytest

        @pytest.mark.parametrize("n", range({AGAIN_AT_MOST + 1}))
        def test_many(n):
            assert False
        """
    )
    code, printed = project.run("--tb=no")
    assert code == 1
    assert "none of them is run again" in printed
    assert printed.splitlines()[-1].startswith(f"{AGAIN_AT_MOST + 1} failed in ")
