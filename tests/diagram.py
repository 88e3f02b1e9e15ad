"""The state diagram of docs/how-it-decides.md, drawn from the table the code runs on."""

from services.domain.case.status import Status
from services.domain.case.workflow import TRANSITIONS

_ENDED = [status for status in Status if status.is_ended]


def state_diagram() -> str:
    """Returns Mermaid text: one arrow between two statuses, labelled with who does what."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", "    [*] --> looking", "    [*] --> securing"]
    lines += ["    [*] --> lagging", "    [*] --> reported"]
    for status, cells in TRANSITIONS.items():
        ways: dict[Status, list[str]] = {}
        for (actor, verb), targets in cells.items():
            for target in targets:
                ways.setdefault(target, []).append(f"{actor} {verb}")
        for target in sorted(ways):
            lines.append(f"    {status} --> {target}: {', '.join(sorted(ways[target]))}")
    lines += [f"    {status} --> [*]" for status in _ENDED]
    return "\n".join([*lines, "```"])
