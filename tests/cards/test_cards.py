"""Every card is accepted by both judges, and what must or must never stand on cards."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from babel.core import Locale

from cards.approver.approver_card import approver_card
from cards.checks import SILENT_WHERE_CLEAR
from cards.elements import run
from cards.person.person_card import person_card
from cards.text import user_text
from cards.words import languages, words_for
from sandbox.teams import texts
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import TROUBLES, Status
from services.domain.case.transition import Refusal
from services.domain.checks.checks import Check, Finding
from services.domain.containment.open_items import OpenKind
from services.domain.personal import Privacy, without
from tests.cards.pictures import pictures
from tests.cards.sample_view import HOSTILE, VIEW
from tests.cases import CASES, HOUR, NOW, PROVEN_MFA, restriction
from tests.filled import filled
from tests.judges.judges import judge_all

PICTURES = pictures()
ROOT = Path(__file__).parents[2]


def test_every_card_passes_both_judges() -> None:
    assert {name: found for name, found in judge_all(PICTURES).items() if found} == {}


def test_a_card_fits_what_teams_takes() -> None:
    assert [name for name, card in PICTURES.items() if len(json.dumps(card).encode()) >= 25_000] == []


def texts_read_as_markdown(card: Any) -> list[str]:
    """Texts of TextBlocks: the only ones of ours in which Teams reads markdown."""
    if isinstance(card, list):
        return [text for item in card for text in texts_read_as_markdown(item)]
    if not isinstance(card, dict):
        return []
    own = [card["text"]] if card.get("type") == "TextBlock" else []
    return own + [text for value in card.values() for text in texts_read_as_markdown(value)]


def test_peoples_words_stay_text() -> None:
    hostile = PICTURES["approver-hostile"]
    assert not [text for text in texts_read_as_markdown(hostile) if "evil" in text]
    shown = texts(hostile)
    assert "evil.example" in shown
    assert "\u202e" not in shown
    assert "⟨U+202E⟩" in shown
    assert "{{DATE(2020" not in shown


def test_what_is_long_is_cut_and_says_so() -> None:
    assert user_text("x" * 2_000).endswith(" …")
    assert user_text("a\tb\r\nc") == "a b ⏎ c"
    assert user_text(HOSTILE).count("\n") == 0


def test_what_runs_from_right_to_left_moves_nothing_beside_it() -> None:
    assert user_text("لمى خالد") == "\u2068لمى خالد\u2069"
    assert user_text("Ana Soto (עברית)", 5) == "Ana S …"
    # Nobody can end the pair from within.
    assert user_text("لمى\u2069x") == "\u2068لمى⟨U+2069⟩x\u2069"


def test_every_catalogue_runs_as_the_cards_say_that_they_do() -> None:
    assert {Locale(language).character_order for language in languages()} == {"left-to-right"}
    assert {card["rtl"] for card in PICTURES.values()} == {False}


def test_an_unknown_property_is_a_bug() -> None:
    with pytest.raises(TypeError, match="colour"):
        run_with_unknown()


def run_with_unknown() -> None:
    from cards import elements

    elements._element(type(run("x")), colour="red")


def buttons(card: Card) -> set[str]:
    return set(re.findall(r'"verb": "([a-z_]+)"', json.dumps(card)))


def test_an_approver_sees_only_the_buttons_the_status_allows() -> None:
    decide = {"approve", "deny"}
    allowed = {
        Status.WAITING: {*decide, "ask", "looking"},
        Status.NEEDS_INFO: decide,
        Status.SECURING: {"ask_for"},
        Status.APPROVED: {"stop"},
        Status.FAILED: {"retry", "stop", "ticket", "close"},
        Status.UNBLOCKED: {"stop"},
        Status.OFF_LIST: {"stop"},
        Status.NEEDS_TICKET: {"stop", "ticket", "close"},
        Status.WITH_MICROSOFT: {"stop", "close"},
        # "That was the thief": what was released may turn out so after the end, too.
        **{status: {"stop"} for status in (Status.WORKS, Status.CLOSED_UNCONFIRMED, Status.RELAPSED)},
        Status.REPORTED: {"looking", "ask", "done", "ticket", "close"},
        Status.ASKED_BACK: {"looking", "done", "ticket", "close"},
        Status.MENDED: {"ticket", "close"},
        Status.ESCALATED: {"done", "close"},
    }
    harmless = {Status.LOOKING, Status.NOT_RESTRICTED, *TROUBLES}
    for status in Status:
        contain = set() if status in harmless else {"contain"}
        drawn = buttons(PICTURES[f"approver-{status.name.lower()}"])
        assert drawn == allowed.get(status, set()) | contain, status


def test_both_dates_of_an_entry_and_its_unknown_fields_are_for_the_approvers_and_for_microsofts_support() -> None:
    case = CASES[Status.NEEDS_TICKET]
    entry = replace(restriction(), changed=NOW - HOUR, other_fields=("Zone: {{TIME(2026-11-24T13:00:00Z)}}", "Size: 7"))
    told = replace(case, restriction=entry)
    pack = texts(approver_card(told, VIEW))
    for words in ("Exchange changed the entry", "Entry changed: 2026-11-24 13:00:00 UTC", "Zone: { {TIME", "Size: 7"):
        assert words in pack
    assert "Exchange changed the entry" not in texts(person_card(told, VIEW))
    same = replace(case, restriction=replace(entry, changed=entry.since, other_fields=()))
    for words in ("Exchange changed the entry", "Entry changed", "Other fields"):
        assert words not in texts(approver_card(same, VIEW))


def test_the_person_never_sees_an_internal_note() -> None:
    assert "looks odd" in texts(PICTURES["approver-denied"])
    assert "looks odd" not in texts(PICTURES["person-denied"])
    assert "called her" not in texts(PICTURES["person-approved"])


@pytest.mark.parametrize("contacted_first", [False, True], ids=["asked", "contacted_first"])
@pytest.mark.parametrize("status", list(Status), ids=str)
def test_what_is_marked_as_the_approvers_is_not_on_the_persons_card(status: Status, contacted_first: bool) -> None:
    """Otherwise a change of it would have to update the person's card."""
    case = filled(Case)
    case = replace(
        case,
        status=status,
        proofs=replace(case.proofs, mfa=PROVEN_MFA),
        sender=replace(case.sender, connector_id=""),
        contact=replace(case.contact, contacted_first=contacted_first),
    )
    bare = without(case, Privacy.APPROVERS_ONLY)
    assert bare != case
    assert person_card(bare, VIEW) == person_card(case, VIEW)


def test_a_doubtful_unblock_asks_for_word_by_another_route() -> None:
    assert "by_another_route" in json.dumps(PICTURES["approver-spam"])
    assert "by_another_route" not in json.dumps(PICTURES["approver-waiting"])


def catalogue_keys() -> set[str]:
    text = (ROOT / "cards/words/en/LC_MESSAGES/sendwell.po").read_text(encoding="utf-8")
    return set(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))


CHECKS = {
    *(f"check.{check}.name" for check in Check),
    *(f"check.{check}.clear" for check in Check if check not in SILENT_WHERE_CLEAR),
    *(f"check.{finding}.found" for finding in Finding),
    *(f"check.{finding}.next" for finding in Finding if not finding.is_aside),
}
NAMED_BY_THE_DOMAIN = (
    "asked_reason.",
    "doctor.",
    "need.",
    "timeline.",
    "say.why.",
    "say.button.",
    "say.time.",
    "not_listed.",
    "trouble.title.",
    "trouble.step.",
    "button.page.",
    "person.trouble.",
    "contain.",
    "stalled.",
    "fact.",
    "title.",
    "fit.part.",
    "open.",
    "limits.",
    "button.put_back.",
    "approver.status.",
    "bounce.",
    "cause.",
    "ground.",
    "help.channel.",
    "mailing.",
    "method.",
    "person.lead.",
    "person.status.",
    "proof.",
    "refusal.",
    "says.",
    "topic.",
    "why_not.",
    "worse.",
    "decision.",
    "right.",
    "because.",
    "evidence.",
    "verdict.",
)


def test_every_sentence_of_the_catalogue_is_used() -> None:
    paths = [path for room in ("cards", "dialogs") for path in (ROOT / room).rglob("*.py")]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in [*paths, ROOT / "bot" / "composition.py"])
    named = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)+)["']""", sources))
    named |= {f"{key}.many" for key in named if key.startswith(("watch.", "tell.reminder_"))}
    named |= CHECKS
    unused = [key for key in catalogue_keys() if key not in named and not key.startswith(NAMED_BY_THE_DOMAIN)]
    assert unused == []


def test_every_check_and_every_finding_has_its_sentences() -> None:
    assert catalogue_keys() >= CHECKS


def test_every_refusal_and_every_status_has_its_sentence() -> None:
    keys = catalogue_keys()
    assert {f"refusal.{refusal.name.lower()}" for refusal in Refusal} <= keys
    for status in Status:
        assert {f"{who}.status.{status.name.lower()}" for who in ("person", "approver")} <= keys


def test_whatever_stands_in_the_way_of_contained_has_its_sentence() -> None:
    reading = {OpenKind.NOTHING_TAKEN, OpenKind.NOT_READ_YET}
    told = {kind.name.lower() for kind in set(OpenKind) - reading}
    unread = {"account", "method", "forwarding", "rule", "consent", "delegate"}
    keys = {f"open.{kind}" for kind in told - {"account"}} | {f"open.topic.{kind}" for kind in unread}
    assert {key for key in catalogue_keys() if key.startswith("open.")} == keys | {"open.not_checked"}


def test_words_fall_back_to_english_and_a_missing_name_is_a_bug() -> None:
    assert "en" in languages()
    assert words_for("xx-YY").language == words_for("en-US").language == "en"
    with pytest.raises(LookupError):
        words_for("en")("no.such.sentence")
