"""Dashboard and alert rules speak of metrics that exist, with labels they have; each alert has its runbook."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from services.clients.metrics.metrics import Metrics

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus-rules.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
_USED = re.compile(r"(sendwell_\w++)(?:\{([^}]*+)\})?")
_BY = re.compile(r"\bby \(([^)]*+)\)")
OF_THE_SCRAPE = {"le", "instance", "job"}


def queries() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (rule["expr"] for rule in RULES)


def exported() -> dict[str, set[str]]:
    """The labels of every name that a query may use."""
    suffixes = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}
    found = {}
    for collector in set(Metrics().registry._collector_to_names):
        for family in collector.describe() if hasattr(collector, "describe") else ():
            for suffix in suffixes.get(family.type, ("",)):
                found[family.name + suffix] = set(getattr(collector, "_labelnames", ()))
    return found


def test_each_metric_and_label_of_dashboard_and_alerts_is_exported() -> None:
    known = exported()
    seen: set[str] = set()
    for query in queries():
        labels = {label.strip() for by in _BY.findall(query) for label in by.split(",")} - OF_THE_SCRAPE
        has: set[str] = set()
        for name, matchers in _USED.findall(query):
            assert name in known, query
            assert set(re.findall(r"(\w+)\s*[=!]", matchers)) <= known[name], query
            seen.add(name)
            has |= known[name]
        assert labels <= has or "up{" in query, query
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in known if name.startswith("sendwell_")}
    drawn = {re.sub(r"_(bucket|count|sum)$", "", name) for name in seen}
    assert families - drawn == set(), "what nobody looks at need not be measured"


def test_each_alert_has_its_place_in_the_runbook() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    chapter = text.partition("\n## Alerts\n")[2].partition("\n## ")[0]
    headings = re.findall(r"^### (\w+)$", chapter, re.MULTILINE)
    assert headings == [rule["alert"] for rule in RULES]
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/operate.md#{rule['alert'].casefold()}"


MINUTES = {60: "1 hour", 15: "15 minutes", 10: "10 minutes", 5: "5 minutes", 3: "3 minutes"}
SAID: dict[float, str] = {
    0.0: "a case|one activity|no replica",
    0.25: "0.25 seconds",
    0.5: "more than half",
    1.0: "one of the troubles",
    5.0: "5 seconds",
    6.0: "6 seconds",
    20.0: "20 times",
    50.0: "50 requests",
    120.0: "2 minutes",
    1_800.0: "30 minutes",
    1_209_600.0: "14 days",
}
"""What a threshold is called in the runbook."""


def test_each_alert_says_from_when_on_for_how_long_and_how_urgent_it_is() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    for rule in RULES:
        begins = text.partition(f"### {rule['alert']}\n")[2].partition("\n")[0]
        assert begins.startswith(f"**{rule['labels']['severity'].capitalize()}**, when "), rule["alert"]
        found = re.findall(r"(?:[<>]|==) ([\d.]+)(?: \* (\d+))?", rule["expr"])[-1]
        threshold = float(found[0]) * float(found[1] or 1)
        assert re.search(SAID[threshold], begins), (rule["alert"], threshold)
        if "for" in rule:
            minutes = int(rule["for"][:-1]) * (60 if rule["for"].endswith("h") else 1)
            assert f"for {MINUTES[minutes]}." in begins, rule["alert"]
