"""Every metric of `/metrics` as a table for docs/operate.md: its name, its labels, what it means."""

from services.clients.metrics.metrics import Metrics


def metrics_table() -> str:
    """Drawn from the registry of a process, the process's own metrics apart."""
    rows = []
    for collector in Metrics().registry._collector_to_names:
        for family in collector.describe() if hasattr(collector, "describe") else ():
            if family.name.startswith("sendwell_"):
                total = "_total" if family.type == "counter" else ""
                labels = ", ".join(f"`{label}`" for label in getattr(collector, "_labelnames", ())) or "–"
                rows.append(f"| `{family.name}{total}` | {family.type} | {labels} | {family.documentation} |")
    return "\n".join(("| name | kind | labels | meaning |", "|---|---|---|---|", *rows))
