"""What the doctor found, for approvers: what is missing first, and what is well as a number."""

from collections import Counter
from collections.abc import Sequence

from adaptivecards.baseobject import BareObject

from cards.doctor_lines import finding_words
from cards.elements import Card15, heading, line, run, to_json
from cards.fit import bounded, rows_within
from cards.text import user_text
from cards.view import View
from services.domain.card import Card
from services.domain.doctor.findings import Finding, Health, is_well, worst_first

_ICONS = {Health.MISSING: "❌", Health.CANNOT_TELL: "❔", Health.OK: "✅"}
_LEFT_OUT = "➖"


def doctor_card(findings: Sequence[Finding], view: View) -> Card:
    """Every line that is not well, with its step; the rest is counted."""
    words = view.words
    title = words("doctor.title")
    told = [one for one in worst_first(findings) if one.health is not Health.OK]
    rows = rows_within([row for one in told for row in _rows(one, view)])
    body = [heading(title), *([line(f"✅ {words('doctor.well')}")] if is_well(findings) else []), *rows]
    count = Counter(one.health for one in findings)
    body.append(line(run(f"{words('doctor.health.ok')}: {count[Health.OK]}", subtle=True)))
    return bounded(to_json(Card15(body=body, fallback=title, speak=title)))


def _rows(finding: Finding, view: View) -> list[BareObject]:
    said = finding_words(finding, view.words)
    icon = _LEFT_OUT if finding.optional and finding.health is Health.MISSING else _ICONS[finding.health]
    return [
        line(run(f"{icon} {user_text(said.title, 120)}  ", bold=True), user_text(said.said, 500)),
        line(f"→ {user_text(said.step, 400)}", spacing="Small"),
    ]
