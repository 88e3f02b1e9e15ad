"""The file of rules is read whole or not at all: each mistake is a sentence that says where and what instead."""

from datetime import date, time, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from services.domain.rules.rules import NO_RULES
from services.rules.rules_file import FaultyRulesError, read_rules, rules_in
from tests.rules.examples import ESCALATION, EXPECTED, OFFICE, TOOLS, rules

EXAMPLE = Path(__file__).parents[2] / "deploy/rules.example.toml"


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(FaultyRulesError) as faulty:
        read_rules(text)
    return faulty.value.faults


def test_everything_is_optional() -> None:
    assert read_rules("# nothing yet\n") == NO_RULES


def test_what_stands_there_is_what_is_understood() -> None:
    found = rules(OFFICE, ESCALATION, EXPECTED, TOOLS)
    assert found.hours is not None
    assert (found.hours.opens, found.hours.closes) == (time(8), time(17))
    assert found.hours.days == frozenset(range(5))
    assert found.hours.holidays == {date(2026, 12, 25)}
    assert found.escalation is not None
    assert (found.escalation.after, found.escalation.people) == (timedelta(hours=2), ("dan@contoso.example",))
    assert found.expected.countries == {"NG", "AT"}
    assert found.expected.networks == (ip_network("203.0.113.0/24"), ip_network("2001:db8::/32"))
    assert [tool.name for tool in found.mailing_tools] == ["Newsletter"]


def test_the_example_is_a_file_that_can_be_used() -> None:
    found = rules_in(EXAMPLE)
    assert found.hours is not None
    assert found.escalation is not None
    assert found.mailing_tools


def changed(section: str, old: str, new: str) -> str:
    assert old in section
    return section.replace(old, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed(OFFICE, "from =", "form ="), "line 5: [hours] has no key 'form', only time_zone, days, from, to,"),
        (changed(OFFICE, "from =", "form ="), "is 'from' meant?"),
        (changed(OFFICE, "from =", "form ="), "line 2: [hours] has no from, which it needs."),
        ("[hour]\n", "line 1: there is no 'hour' in the rules, only hours, escalation"),
        ("[hour]\n", "is 'hours' meant?"),
        (changed(OFFICE, "Europe/Vienna", "Europe/Wien"), "line 3: [hours] time_zone must be the IANA name"),
        (changed(OFFICE, '"tue"', '"tuesdays"'), "line 4: [hours] days number 2 must be a day of the week"),
        (changed(OFFICE, '["mon", "tue", "wed", "thu", "fri"]', "[]"), "line 4: [hours] days must name at least one"),
        (changed(OFFICE, '"08:00"', '"8"'), 'line 5: [hours] from must be a time of day such as "08:00".'),
        (changed(OFFICE, '"17:00"', '"24:30"'), "line 6: [hours] to must be a time of day"),
        (changed(OFFICE, "2026-12-25", '"Christmas"'), "line 7: [hours] holidays number 1 must be a date such as"),
        (changed(ESCALATION, "2h", "two hours"), "line 3: [escalation] after must be a duration"),
        ("[escalation]\nafter = '2h'\n", "line 1: [escalation] people or group must say whom to mention."),
        ("[escalation]\nafter = '2h'\npeople = ['Dan']\n", "line 3: [escalation] people number 1 must be a user name"),
        ("[escalation]\nafter = '2h'\ngroup = 'Admins'\n", "line 3: [escalation] group must be a GUID"),
        ("[expected]\ncountries = ['UK']\n", "line 2: [expected] countries number 1 must be a country by its two"),
        ("[expected]\ncountries = ['UK']\n", "for UK write GB"),
        ("[expected]\nnetworks = ['10.0.0.1/8']\n", "line 2: [expected] networks number 1 must be a network such as"),
        ("[expected]\nnetworks = ['0.0.0.0/0']\n", "is most of the Internet"),
        ("[expected]\napps = ['00000002-0000-0FF1-CE00-000000000000']\n", "is what everybody signs in with"),
        ("[expected]\napps = ['Roster']\n", "line 2: [expected] apps number 1 must be an application id"),
        ("[expected]\napps = ['Roster']\n", "anybody can give that name to an app"),
        ("[[mailing_tools]]\nname = 'A'\ndomain = ['a.example']\n", "line 3: [[mailing_tools]] has no key 'domain'"),
        ("[[mailing_tools]]\nname = 'A'\n", "line 1: [[mailing_tools]] domains networks or connectors must say"),
        ("[mailing_tools]\nname = 'A'\n", "line 1: the rules' mailing_tools must stand in double brackets"),
        (TOOLS + "\n[[mailing_tools]]\ndomains = ['b.example']\n", "line 8: [[mailing_tools]] has no name"),
        ("hours = 3\n", "line 1: [hours] must be a table"),
        ("[hours]\nfrom = '08:00'\nto = \n", "line 3: this is no TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line_and_what_is_expected(text: str, said: str) -> None:
    found = faults(text)
    assert any(said in one for one in found), found
    assert all(one.startswith("line ") and one.endswith((".", "?")) for one in found)


def test_all_mistakes_are_told_together_in_the_order_of_the_file() -> None:
    text = changed(OFFICE, '"08:00"', '"8"') + changed(EXPECTED, '"at"', '"Austria"')
    assert [one.partition(":")[0] for one in faults(text)] == ["line 5", "line 10"]


def test_a_text_over_several_lines_does_not_lead_to_another_line() -> None:
    text = 'hours = {time_zone = "UTC", days = ["mon"], from = "08:00", to = "17:00", lunch = true}\n'
    assert faults(text)[0].startswith("line 1: [hours] has no key 'lunch'")
    listed = '[expected]\nnetworks = [\n  "203.0.113.0/24",\n  "nowhere",\n]\ncountry = "AT"\n'
    assert [one.partition(":")[0] for one in faults(listed)] == ["line 2", "line 6"]


def test_hours_are_times_with_or_without_quotes() -> None:
    bare = changed(changed(OFFICE, '"08:00"', "08:00:00"), '"17:00"', '"24:00"')
    found = read_rules(bare).hours
    assert found is not None
    assert (found.opens, found.closes) == (time(8), time(0))


def test_a_file_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes("[hours]\n# für\n".encode("latin-1"))
    for path, said in ((tmp_path / "no.toml", "cannot be read"), (tmp_path / "latin.toml", "no UTF-8")):
        with pytest.raises(FaultyRulesError, match=said):
            rules_in(path)
    (tmp_path / "windows.toml").write_bytes(b"\xef\xbb\xbf[expected]\r\ncountries = ['AT']\r\n")
    assert rules_in(tmp_path / "windows.toml").expected.countries == {"AT"}
