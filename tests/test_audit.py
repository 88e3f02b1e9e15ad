"""The audit tells "nothing known" from "could not ask"."""

from typing import Any

from tests.audit import judge_node, judge_python

CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


def test_a_known_vulnerability_is_named() -> None:
    assert judge_python({"dependencies": [CLEAN, BAD]}) == (
        ["b 2: PYSEC-1"],
        "Python: 2 packages audited, 1 known vulnerabilities",
    )
    assert judge_node("page", {"vulnerabilities": {"x": {"severity": "high"}}})[0] == ["x: high"]


def test_what_could_not_be_asked_is_never_called_clean() -> None:
    nothing: tuple[Any, ...] = (None, [], {}, {"dependencies": [SKIPPED]})
    for report in nothing:
        assert judge_python(report) == ([], "Python: not audited, the data source cannot be reached")
    assert judge_python({"dependencies": [CLEAN, SKIPPED]})[1].endswith("1 not audited")
    unanswered: tuple[Any, ...] = (None, {"error": {"code": "ENOAUDIT"}}, {"message": "x"})
    for report in unanswered:
        assert "not audited" in judge_node("page", report)[1]
