"""Rules for tests, as an organisation would write them."""

from services.domain.rules.rules import Rules
from services.rules.rules_file import read_rules

OFFICE = """
[hours]
time_zone = "Europe/Vienna"
days = ["mon", "tue", "wed", "thu", "fri"]
from = "08:00"
to = "17:00"
holidays = [2026-12-25]
"""
ESCALATION = """
[escalation]
after = "2h"
people = ["dan@contoso.example"]
"""
ROSTER = "8b1f7c52-3d4e-4a6b-9c0d-2e5f1a7b6c3d"
"""The application id of the only app that is expected."""
EXPECTED = """
[expected]
countries = ["NG", "at"]
networks = ["203.0.113.0/24", "2001:db8::/32"]
apps = ["8B1F7C52-3D4E-4A6B-9C0D-2E5F1A7B6C3D"]
"""
TOOLS = """
[[mailing_tools]]
name = "Newsletter"
domains = ["news.contoso.example"]
networks = ["198.51.100.7"]
connectors = ["6F2B4C1A-0000-4000-8000-0000000000AA"]
"""


def rules(*sections: str) -> Rules:
    """The rules with these sections."""
    return read_rules("\n".join(sections))
