"""Parsing bounces, restriction reasons and what people ask for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.bounce.bounce import Meaning, read_bounce
from services.domain.intent import (
    AboutCase,
    AboutPeriod,
    AboutSender,
    Guess,
    Speak,
    Unclear,
    read_case_number,
    read_command,
    read_wish,
)
from services.domain.restriction import Cause, Limit, RestrictedList, find, read_reason
from services.domain.unknown import Unknown
from services.domain.wishes.topic import Topic
from tests.cases import LIMIT_REASON, NOW, RATE_REASON, SPAM_REASON, restriction

PASTED = """
> Remote Server returned '550 5.1.8
> Access denied, bad outbound
> sender AS(42004)'
"""
FOREIGN = """mx.fabrikam.example gave this error:
Sender address rejected
Remote Server returned '501 5.1.8 <ana@contoso.example>: Sender address rejected: Domain not found'"""


@pytest.mark.parametrize(
    ("text", "code", "meaning"),
    [
        (PASTED, "5.1.8", Meaning.RESTRICTED_SENDER),
        ("550 5.1.8 Access denied, bad outbound sender", "5.1.8", Meaning.RESTRICTED_SENDER),
        ("550 5.1.8 Zugriff verweigert, ungültiger ausgehender Absender", "5.1.8", Meaning.RESTRICTED_SENDER),
        ("Diagnostic-Code: smtp;550 5.1.8 Access denied, bad out=\nbound sender", "5.1.8", Meaning.RESTRICTED_SENDER),
        (FOREIGN, "5.1.8", Meaning.FOREIGN_SENDER_CHECK),
        ("5.1.8", "5.1.8", Meaning.MAYBE_RESTRICTED),
        ("it says 5.1.90.", "5.1.90", Meaning.DAILY_RECIPIENTS),
        ("550 5.2.2 Submission quota exceeded", "5.2.2", Meaning.SUBMISSION_QUOTA),
        ("550-5.2.2 mailbox full", "5.2.2", Meaning.RECIPIENT_FULL),
        ("550 5.4.1 Recipient address rejected: Access denied AS(201806281)", "5.4.1", Meaning.RECIPIENT_EDGE),
        ("5.1.1", "5.1.1", Meaning.WRONG_ADDRESS),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10", Meaning.WRONG_ADDRESS),
        ("550 5.7.1 Unable to relay", "5.7.1", Meaning.REJECTED),
        ("550 5.7.705 Access denied, tenant has exceeded threshold", "5.7.705", Meaning.TENANT_BLOCKED),
        ("550 5.7.708 Service unavailable", "5.7.708", Meaning.ADDRESS_RANGE_BLOCKED),
        ("550 5.7.711 Access denied, bad inbound connector", "5.7.711", Meaning.CONNECTOR_RESTRICTED),
        ("550 5.7.750 Client blocked", "5.7.750", Meaning.UNREGISTERED_DOMAIN),
        ("550 5.7.501 Access denied, spam abuse detected", "5.7.501", Meaning.BANNED_FOR_ABUSE),
        ("550 5.7.502 x", "5.7.502", Meaning.BANNED_FOR_ABUSE),
        ("550 5.7.503 x", "5.7.503", Meaning.BANNED_FOR_ABUSE),
        ("550 5.7.233 x", "5.7.233", Meaning.TENANT_RECIPIENTS),
        ("Status: 5.7.520\nfrom server 5.1.8", "5.7.520", Meaning.FORWARDING_BLOCKED),
        ("451 4.7.500 Server busy", "4.7.500", Meaning.TEMPORARY),
        ("554 5.9.9 never seen", "5.9.9", Meaning.OTHER),
    ],
)
def test_a_bounce_is_read_for_its_code_and_phrase(text: str, code: str, meaning: Meaning) -> None:
    bounce = read_bounce(text)
    assert bounce is not None
    assert (bounce.code, bounce.meaning) == (code, meaning)


@pytest.mark.parametrize(
    "text", ["", "my mail bounces", "from 5.1.92.180", "version 15.1.8", "on 5.1.2026-01", "x" * 100_000]
)
def test_look_alikes_are_no_codes(text: str) -> None:
    assert read_bounce(text) is None or text.startswith("on ")


@given(st.text(max_size=300))
def test_reading_words_never_fails(text: str) -> None:
    bounce, wish = read_bounce(text), read_wish(text)
    assert bounce is None or bounce.code is None or bounce.code[0] in "45"
    assert isinstance(wish, Topic | AboutSender | Guess | Speak)
    assert read_reason(text).cause in Cause


@pytest.mark.parametrize(
    ("text", "cause", "limit"),
    [
        (SPAM_REASON, Cause.SPAM, None),
        (LIMIT_REASON, Cause.POLICY_LIMIT, Limit.EXTERNAL),
        (LIMIT_REASON.replace("External;", "Internal;"), Cause.POLICY_LIMIT, Limit.INTERNAL),
        ("EmailSendingLimitExceeded", Cause.POLICY_LIMIT, Limit.OTHER),
        (RATE_REASON, Cause.SERVICE_RATE, None),
        (RATE_REASON.replace("=", ":"), Cause.SERVICE_RATE, None),
        ("", Cause.UNKNOWN, None),
        ("SomethingElse=1", Cause.UNKNOWN, None),
    ],
)
def test_the_three_grammars_of_a_reason(text: str, cause: Cause, limit: Limit | None) -> None:
    verdict = read_reason(text)
    assert (verdict.cause, verdict.limit) == (cause, limit)


def test_the_counts_of_a_reason_and_none_where_they_are_odd() -> None:
    assert read_reason(SPAM_REASON).counts.spam == 12
    assert read_reason(LIMIT_REASON).counts.external == 2001
    assert read_reason(RATE_REASON).counts.allowed == 10_000
    assert read_reason("OutboundSpamLast24Hours=many").counts.spam is None
    assert read_reason("OutboundSpamLast24Hours=٣").counts.spam is None
    assert read_reason(f"OutboundSpamLast24Hours={'9' * 11}").counts.spam == 99_999_999_999
    assert read_reason(f"OutboundSpamLast24Hours={'9' * 12}").counts.spam is None


def test_an_absent_address_says_something_only_on_a_complete_list() -> None:
    entries = (restriction(),)
    whole = RestrictedList(entries=entries, complete=True, read_at=NOW)
    cut = RestrictedList(entries=entries, complete=False, read_at=NOW)
    assert find(whole, ["x@y", "ANA@contoso.EXAMPLE"]) == entries[0]
    assert find(whole, ["x@y"]) is None
    assert isinstance(find(cut, ["x@y"]), Unknown)
    assert find(cut, ["ana@contoso.example"]) == entries[0]


def test_a_temporary_restriction_ends_with_the_utc_day_it_began() -> None:
    late = datetime(2026, 11, 23, 23, 50, tzinfo=UTC)
    assert restriction(temporary=True, since=late).lifts_at(NOW) == datetime(2026, 11, 24, tzinfo=UTC)
    assert restriction(temporary=True, since=None).lifts_at(NOW) == datetime(2026, 11, 25, tzinfo=UTC)
    changed = replace(restriction(temporary=True, since=late - timedelta(days=3)), changed=late)
    assert changed.lifts_at(NOW) == datetime(2026, 11, 24, tzinfo=UTC)
    assert restriction().lifts_at(NOW) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Topic.HELP),
        (" \u200b\u202e ", Topic.HELP),
        ("?", Topic.HELP),
        ("Help!", Topic.HELP),
        ("status", Topic.STATUS),
        ("  STATUS  ", Topic.STATUS),
        ("st\u200batus", Topic.STATUS),
        ("language", Topic.LANGUAGE),
        ("language de", Speak(language="de")),
        ("LANGUAGE: pt-BR.", Speak(language="pt-br")),
        ("language barriers stop my mail", Topic.LOOK),
        ("withdraw", Topic.WITHDRAW),
        ("why can't I send email", Topic.LOOK),
        ("case of beer", Topic.LOOK),
    ],
)
def test_what_the_words_ask_for(text: str, wish: object) -> None:
    assert read_wish(text) == wish


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Cases", Topic.CASES),
        ("restricted", Topic.RESTRICTED),
        ("use  this\nchannel", Topic.USE_THIS_CHANNEL),
        ("case", Unclear(verb="case")),
        ("approve", Unclear(verb="approve")),
        ("approve ١٧", Unclear(verb="approve")),
        ("approve 017", Unclear(verb="approve")),
        ("deny -1 no", Unclear(verb="deny")),
        ("case 17", AboutCase(verb="case", number=17, text="")),
        ("CASE  #17", AboutCase(verb="case", number=17, text="")),
        (
            "approve 17 called: she was at my desk",
            AboutCase(verb="approve", number=17, text="called: she was at my desk"),
        ),
        ("Deny case 17 come to us", AboutCase(verb="deny", number=17, text="come to us")),
        (
            "Unblock ana@contoso.example  lost laptop",
            AboutSender(verb="unblock", address="ana@contoso.example", text="lost laptop"),
        ),
        ("unblock ana@contoso.example", AboutSender(verb="unblock", address="ana@contoso.example")),
        ("unblock", Unclear(verb="unblock")),
        ("history", Unclear(verb="history")),
        ("History ana@contoso.example", AboutSender(verb="history", address="ana@contoso.example")),
        (
            "history ana@contoso.example before case 17",
            AboutSender(verb="history", address="ana@contoso.example", text="before case 17", before=17),
        ),
        ("@Sendwell @Sendwell cases", Topic.CASES),
        ("deny #17: use the tool", AboutCase(verb="deny", number=17, text="use the tool")),
        ('deny 17 "use the tool"', AboutCase(verb="deny", number=17, text="use the tool")),
        ("“approve 17”", AboutCase(verb="approve", number=17, text="")),
        ("report", AboutPeriod(days=90)),
        ("@Sendwell Report 30 days.", AboutPeriod(days=30)),
        ("report 999", AboutPeriod(days=366)),
        ("report 0", None),
        ("report my mail", None),
        ("case of beer", None),
        ("why can't I send email", None),
    ],
)
def test_what_an_approver_commands(text: str, command: object) -> None:
    assert read_command(text) == command


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (17, 17),
        ("17", 17),
        (0, None),
        (-1, None),
        (10**9, None),
        (True, None),
        ("017", None),
        ("１７", None),
        (17.0, None),
        (None, None),
        ({}, None),
        ("", None),
    ],
)
def test_a_case_number_is_digits_and_nothing_else(value: object, number: int | None) -> None:
    assert read_case_number(value) == number


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("mailbox Sales@contoso.example", AboutSender(verb="mailbox", address="sales@contoso.example")),
        ("shared mailbox: <sales@contoso.example>", AboutSender(verb="mailbox", address="sales@contoso.example")),
        ("Postfach vertrieb@contoso.example", AboutSender(verb="mailbox", address="vertrieb@contoso.example")),
        ("I cannot send as sales@contoso.example.", AboutSender(verb="mailbox", address="sales@contoso.example")),
        ("Ich kann nicht senden von a@b.example", AboutSender(verb="mailbox", address="a@b.example")),
        ("why can't sales@contoso.example send?", AboutSender(verb="mailbox", address="sales@contoso.example")),
        ("I can't send to bob@fabrikam.example", Topic.LOOK),
        (f"mail from sales@contoso.example {'x' * 400}", Topic.LOOK),
        ("unblock me", Topic.LOOK),
    ],
)
def test_which_sender_is_meant(text: str, wish: object) -> None:
    assert read_wish(text) == wish
