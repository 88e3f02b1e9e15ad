"""`make audit`: known vulnerabilities among what is shipped and what the sandbox page loads, where the data can be had.

A source that cannot be reached is reported in one line and fails nothing; a known vulnerability fails the run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PACKAGES = (ROOT / "sandbox" / "page", ROOT / "tests" / "judges")


def _answer(*command: str, where: Path = ROOT) -> Any:
    """The tool's JSON output; `None` where it printed none."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, timeout=300)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def judge_python(report: Any) -> tuple[list[str], str]:
    """Vulnerabilities of the Python packages, and one line on what was looked at."""
    rows = report.get("dependencies", []) if isinstance(report, dict) else []
    audited = [row for row in rows if "skip_reason" not in row]
    if not audited:
        return [], "Python: not audited, the data source cannot be reached"
    known = [f"{row['name']} {row['version']}: {found['id']}" for row in audited for found in row.get("vulns", [])]
    skipped = f", {len(rows) - len(audited)} not audited" if len(rows) > len(audited) else ""
    return known, f"Python: {len(audited)} packages audited, {len(known)} known vulnerabilities{skipped}"


def judge_node(name: str, report: Any) -> tuple[list[str], str]:
    """Vulnerabilities of a package-lock's packages, and one line on what was looked at."""
    found = report.get("vulnerabilities") if isinstance(report, dict) and "error" not in report else None
    if not isinstance(found, dict):
        return [], f"{name}: not audited, the data source cannot be reached"
    known = [f"{package}: {row.get('severity')}" for package, row in found.items()]
    return known, f"{name}: audited, {len(known)} known vulnerabilities"


def main(pip_audit: str, npm: str) -> int:
    options = ("--requirement", "requirements.txt", "--disable-pip", "--no-deps", "--format", "json")
    results = [judge_python(_answer(pip_audit, *options, "--progress-spinner", "off"))]
    for where in _PACKAGES:
        report = _answer(npm, "audit", "--package-lock-only", "--json", where=where)
        results.append(judge_node(str(where.relative_to(ROOT)), report))
    for known, line in results:
        sys.stdout.write("\n  ".join([line, *known]) + "\n")
    return 1 if any(known for known, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
