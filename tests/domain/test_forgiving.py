"""Typed commands forgive how they are written, and nothing that is not a whole command decides."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.conversations.approver_buttons import command_of_text
from services.domain.case.commands.approver import Approved, Denied
from services.domain.case.transition import Refusal, Refused
from services.domain.intent import AboutCase, AboutSender, Unclear, read_command, visible
from services.domain.wishes.topic import Topic
from tests.cases import BO

MANIFEST = Path(__file__).parents[2] / "manifest" / "manifest.json"
DECIDES = ("approve", "deny", "stop")


@pytest.mark.parametrize(
    ("text", "verb", "said"),
    [
        *(("approve 17 called, she confirmed", "approve", "called, she confirmed"),),
        *(("approve #17 - called", "approve", "called"), ("approve 17 – called: yes", "approve", "called: yes")),
        *(("deny #17: reason", "deny", "reason"), ("deny 17- reason", "deny", "reason")),
        *(("deny 17 'reason'", "deny", "reason"), ("deny 17 »reason«", "deny", "reason")),
        *(("deny 17 ‚reason‘", "deny", "reason"), ("deny 17 `reason`", "deny", "reason")),
        *(("approve 17 18:30 called her", "approve", "18:30 called her"),),
        *(("deny 17 2 mailings a day are too many", "deny", "2 mailings a day are too many"),),
        *(("deny 17 and call the help desk", "deny", "and call the help desk"),),
        *(('deny "17" “reason”', "deny", "reason"), ("“deny 17 reason”", "deny", "reason")),
        *(("case number 17", "case", ""), ("case no. 17.", "case", ""), ("Case nr 17!", "case", "")),
        *(("approve  case  number  17", "approve", ""), ("approve 17.", "approve", ""), ("stop 17!", "stop", "")),
        *(("@Sendwell @Sendwell approve 17", "approve", ""), ("@Sendwell: “approve 17”", "approve", "")),
        *(("deny 17 “a” and “b”", "deny", "“a” and “b”"), ("limits 17 1000/1000/2000", "limits", "1000/1000/2000")),
    ],
)
def test_a_command_is_read_however_it_is_written(text: str, verb: str, said: str) -> None:
    assert read_command(text) == AboutCase(verb=verb, number=17, text=said)


def test_a_name_may_stand_in_quotes_and_the_bot_be_called_twice() -> None:
    wanted = AboutSender(verb="unblock", address="ana@contoso.example", text="she called")
    for text in ('unblock "ana@contoso.example" she called', "unblock „ana@contoso.example“: “she called”"):
        assert read_command(text) == wanted
    assert read_command("@Sendwell @Sendwell cases") is Topic.CASES


@pytest.mark.parametrize(
    "text",
    [
        *("approve 17 18", "approve 17, 18", "approve 17,18", "approve 17 and 18", "deny 17 & #18", "stop 17–19"),
        *(
            "approve 17 & 18 called: fine",
            "approve 17, 18: called her",
            "deny 17 and 18 no reason",
            "stop 17 und #18, weg",
        ),
        *("approve 17\napprove 18", "approve 17 deny 18", "deny 17, stop case 18"),
        *("approve 17.5", "deny 5.1.8", "approve seventeen", "approve 17-19", "approve", "deny: no"),
    ],
)
def test_what_names_no_case_or_several_decides_none(text: str) -> None:
    assert isinstance(read_command(text), Unclear)


@pytest.mark.parametrize(
    "text",
    [
        *("approve 17?", "approve 17 ?", "deny 17?", "approve 17 should I?", "approve 17 if she calls", "stop 17?"),
        *("approve 17 not yet", "approve 17: no, wait", "approve 17 - later", "approve 17 wenn sie anruft"),
        *("approve 17 ؟", "approve 17 ？", "approve 17 puis-je ？", "deny 17 ؟"),
    ],
)
def test_what_asks_or_hesitates_shows_the_case_instead(text: str) -> None:
    assert read_command(text) == AboutCase(verb="case", number=17, text="")


@pytest.mark.parametrize(
    "said",
    [
        *(
            "please don't",
            "please don’t",
            "do not",
            "only if she calls",
            "but not yet",
            "wait",
            "no",
            "no!",
            "she said no",
        ),
        *("called, please wait", "I would not", "sorry, wrong case", "ok, once she has called", "dont"),
        *("noch nicht", "bitte nicht", "nein", "aber erst wenn sie anruft", "lieber nicht", "bitte warten", "später"),
        *(
            "non",
            "pas encore",
            "s'il te plaît, n'approuve pas",
            "mais seulement si elle appelle",
            "attendez",
            "plus tard",
        ),
        *("todavía no", "aún no", "no lo apruebes", "por favor no", "espera", "solo si llama", "en cuanto llame"),
        *("non ancora", "aspetta", "no, aspetta", "solo se chiama", "per favore non ancora", "forse domani"),
        *("não", "nao", "ainda não", "espere", "só se ela ligar", "por favor não", "depois"),
        *("niet", "nog niet", "wacht", "alleen als ze belt", "liever niet", "misschien morgen"),
        *("まだ", "まだ承認しないでください", "電話があったら", "待ってください", "いいえ"),
        *("لا", "ليس بعد", "انتظر", "إذا اتصلت", "من فضلك لا", "لاحقًا"),
        *("as soon as she calls", "but only as long as she calls", "in case she calls", "provided she calls"),
        *("vorausgesetzt, sie ruft an", "unter der Bedingung, dass sie anruft", "sowie sie anruft"),
        *("dès qu'elle appelle", "dès que possible", "à condition qu’elle appelle", "pourvu qu'elle appelle"),
        *("siempre que llame", "con la condición de que llame", "a condizione che chiami", "purché chiami"),
        *("assim que ela ligar", "desde que ela ligue", "mits ze belt", "op voorwaarde dat ze belt"),
        *("حالما تتصل", "بشرط أن تتصل"),
    ],
)
def test_who_hesitates_in_any_of_the_nine_languages_has_not_approved(said: str) -> None:
    assert read_command(f"approve 17 {said}") == AboutCase(verb="case", number=17, text="")


@pytest.mark.parametrize(
    "said",
    [
        *("she called me and did not send it", "it was her newsletter, not spam", "no findings", "no objections"),
        *("sí, la llamé", "sì, ho chiamato", "confirmed after the call", "spoke to her, it was not her"),
        *(
            "as she told me",
            "as it was her",
            "in person",
            "des questions lui ont été posées",
            "provided her badge",
            "con Ana, en persona",
        ),
        *("Newsletter, mit ihr gesprochen", "kein Problem", "elle m'a appelé", "電話で確認しました", "اتصلت بها"),
    ],
)
def test_a_reason_of_an_approval_is_no_hesitation(said: str) -> None:
    assert read_command(f"approve 17 {said}") == AboutCase(verb="approve", number=17, text=said)


@pytest.mark.parametrize("text", ["called, she confirmed", "called: her newsletter", "Called - it was her", "called"])
def test_a_call_that_is_told_counts_as_word_by_another_route(text: str) -> None:
    command = command_of_text(BO, AboutCase(verb="approve", number=17, text=text))
    assert isinstance(command, Approved)
    assert command.by_another_route


@pytest.mark.parametrize(
    "text",
    [
        *("called twice, no answer", "called, no answer", "called: voicemail", "called, she didn't pick up", "calledx"),
        *("called - nobody there", "called, could not reach her", "called, she denies it", "called: nicht erreicht"),
    ],
)
def test_a_call_that_reached_nobody_does_not(text: str) -> None:
    command = command_of_text(BO, AboutCase(verb="approve", number=17, text=text))
    assert isinstance(command, Approved)
    assert not command.by_another_route


@pytest.mark.parametrize("verb", ["case", "why", "contain", "", "reject"])
def test_an_unknown_verb_is_no_denial(verb: str) -> None:
    with pytest.raises(Refused) as refused:
        command_of_text(BO, AboutCase(verb=verb, number=17, text="reason"))
    assert refused.value.refusal is Refusal.NOT_UNDERSTOOD
    assert isinstance(command_of_text(BO, AboutCase(verb="deny", number=17, text="reason")), Denied)


_WORDS = st.sampled_from(
    [
        "approve",
        "deny",
        "stop",
        "case",
        "17",
        "#17",
        "18",
        "1.7",
        "17?",
        "?",
        "and",
        "not",
        "if",
        "called,",
        "no",
        "“",
        "-",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=6).map(" ".join)))
@settings(max_examples=300)
def test_nothing_but_a_whole_command_about_one_case_decides(text: str) -> None:
    """Held against another reading: the verb first, then the one number, alone among blanks and signs."""
    command = read_command(text)
    if not isinstance(command, AboutCase) or command.verb not in DECIDES:
        return
    words = " ".join(visible(text).split())
    begins = re.match(
        r"(?i)\W*(approve|deny|stop)\b(?:\W|\b(?:case|number|no|nr)\b)*([0-9]+)(?![\w?])(?![.,-][0-9])", words
    )
    assert begins is not None
    assert (begins[1].casefold(), int(begins[2])) == (command.verb, command.number)
    assert re.search(r"[^\W\d]", words[begins.end() :]) or not re.search(r"\d", words[begins.end() :])
    assert command.verb != "approve" or not words.rstrip(" ”\"'“").endswith("?")


def test_the_menu_of_teams_teaches_only_what_is_accepted() -> None:
    menus = json.loads(MANIFEST.read_text())["bots"][0]["commandLists"]
    team = next(menu["commands"] for menu in menus if menu["scopes"] == ["team"])
    for command in team:
        assert read_command(command["title"]) is not None
        example = command["description"].partition(": ")[2]
        if command["title"] in ("case", "approve", "deny"):
            read = read_command(example)
            assert isinstance(read, AboutCase)
            assert (read.verb, read.number) == (command["title"], 17)
    called = command_of_text(BO, AboutCase(verb="approve", number=17, text="called, she confirmed it"))
    assert isinstance(called, Approved)
    assert called.by_another_route
