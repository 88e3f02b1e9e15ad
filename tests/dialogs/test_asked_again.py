"""Every form of every card: what the server alone can judge is asked for again in the form that was sent, open, with
all that was typed, and with what is wrong beside its field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

from cards.approver.approver_card import approver_card
from cards.person.joined_card import card_for
from cards.view import AskedAgain
from dialogs.conversations.inbound import Clicked, ConversationKind
from sandbox import texts
from services.clients.store.database import Database
from services.domain.card import Card
from services.domain.case.call_codes import CallCode
from services.domain.case.case import Case
from services.domain.case.creation import created_by_person
from services.domain.case.noted_facts import noted
from services.domain.case.status import Status
from services.domain.people import Standing, TeamsUser
from services.domain.proofs.securing import Mailing, SentMailing
from tests.cards.sample_view import VIEW
from tests.cases import ANA, BO, CASES, NOW, PROVEN_MFA, PROVEN_PASSWORD, SINCE, SPAM_REASON, person, restriction
from tests.dialogs.test_every_verb import HONEST, KIM_LEFT, mailbox_for
from tests.dialogs.test_every_verb import Who as Whose
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, LONG_DAYS, World

TIMING = replace(LONG_DAYS, messages_a_minute=9_999, call_code=True)
TOO_LONG = "x" * 1_001
RIGHT = {
    "recipients": "2000",
    "until": "2026-12-24",
    "group": "",
    "limit_external": "1500",
    "limit_internal": "",
    "limit_day": "",
    "limit_group": "",
}
WAITING = CASES[Status.WAITING]
SPAM = replace(WAITING, restriction=restriction(SPAM_REASON))
SECURED = replace(CASES[Status.SECURING].proofs, password=PROVEN_PASSWORD, mfa=PROVEN_MFA)
UNSURE = Mailing(sent=SentMailing.UNSURE)
TOLD = CallCode(by=BO.id, name=BO.name, digest="", made_at=NOW, told_at=NOW, on=1)
SHARED = replace(
    WAITING,
    evidence=HONEST,
    call_codes=(TOLD,),
    sender=replace(WAITING.sender, mailbox=mailbox_for(Whose.NOBODY_SPECIAL), mailbox_address=ANAS_ADDRESS),
)
STATES: Mapping[str, tuple[TeamsUser, Case]] = {
    "spam": (BO, replace(SPAM, call_codes=(TOLD,), evidence=HONEST)),
    "honest": (BO, replace(WAITING, evidence=HONEST)),
    "failed": (
        BO,
        replace(CASES[Status.FAILED], restriction=restriction(SPAM_REASON), call_codes=(TOLD,), evidence=HONEST),
    ),
    "approved": (BO, CASES[Status.APPROVED]),
    "needs a ticket": (BO, CASES[Status.NEEDS_TICKET]),
    "noticed": (BO, replace(CASES[Status.SECURING], contact=replace(WAITING.contact, found_by_monitor_at=NOW))),
    "not contained": (BO, replace(WAITING, containment=KIM_LEFT)),
    "shared": (BO, SHARED),
    "trouble": (BO, CASES[Status.REPORTED]),
    "asked": (ANA_CLICKS, CASES[Status.NEEDS_INFO]),
    "mailing": (ANA_CLICKS, replace(CASES[Status.SECURING], proofs=SECURED)),
    "sending": (ANA_CLICKS, replace(CASES[Status.SECURING], proofs=replace(SECURED, mailing=UNSURE))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is sent: the verb of its button, what that carries, and its fields."""

    verb: str
    data: Mapping[str, Any]
    fields: tuple[Card, ...]

    def filled(self, **wrong: str) -> dict[str, str]:
        """Everything as it should be, but for this."""
        carried = {name: str(value) for name, value in self.data.items() if name != "case"}
        return {**carried, **{one["id"]: right(one) for one in self.fields}, **wrong}


def right(field: Card) -> str:
    match field["type"]:
        case "Input.Toggle":
            return "true"
        case "Input.ChoiceSet":
            return str(field.get("value") or field["choices"][0]["value"])
        case _:
            return RIGHT.get(field["id"], "a word")


def forms_of(card: Card) -> Iterator[Form]:
    """The forms that are folded in a card, and the one that is the card itself."""
    for one in [card, *folded(card)]:
        elements = [item for part in one["body"] for item in (part, *part.get("items", []))]
        fields = tuple(item for item in elements if item["type"].startswith("Input."))
        for button in one.get("actions", []):
            if fields and button["type"] == "Action.Execute" and button.get("associatedInputs") != "none":
                yield Form(verb=button["verb"], data=button["data"], fields=fields)


def folded(part: Any) -> Iterator[Card]:
    if isinstance(part, list):
        for one in part:
            yield from folded(one)
    elif isinstance(part, dict):
        if part.get("type") == "Action.ShowCard":
            yield part["card"]
        for value in part.values():
            yield from folded(value)


def wrongs(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """What the server alone can judge, or judges as well: the field, and what is typed into it."""
    for field in form.fields:
        name, kind = field["id"], field["type"]
        if field.get("isRequired"):
            yield name, {name: "false" if kind == "Input.Toggle" else "nonsense" if "choices" in field else "  "}
        if field.get("maxLength") == len(TOO_LONG) - 1:
            yield name, {name: TOO_LONG}
        if name.startswith("limit_") or name == "recipients":
            yield name, {name: "about a lot"}
    ticks = [field for field in form.fields if field["type"] == "Input.Toggle"]
    if ticks and not any(tick.get("isRequired") for tick in ticks):
        yield ticks[0]["id"], {tick["id"]: "false" for tick in ticks}


@pytest.fixture
def w(database: Database) -> World:
    """A world whose workers do not run, so that only the clicks change it."""
    w = World(database, TIMING)
    assert w.responders
    w.approvers.standings[BO.id] = w.responders.standings[BO.id] = Standing.APPROVER
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name, upn="dan@contoso.example", addresses=())
    return w


async def begins(w: World, case: Case) -> Case:
    async with w.database.writing() as connection:
        for table in ("outbox", "events", "cards", "seen", "cases"):
            await connection.execute(text(f"delete from {table}"))
    w.mail.restrict(ANAS_ADDRESS, *([case.restriction.reason] if case.restriction else []), since=SINCE)
    return await w.cases.save(created_by_person(noted(replace(case, facts=()), NOW), NOW), {})


def card_of(who: TeamsUser, case: Case) -> Card:
    view = replace(VIEW, timing=TIMING)
    return card_for(case, ANA, view) if who.id == ANA else approver_card(case, view)


async def answer_to(w: World, who: TeamsUser, case: Case, verb: str, inputs: Mapping[str, str]) -> Card:
    where = ConversationKind.PERSONAL if who.id == ANA else ConversationKind.CHANNEL
    clicked = Clicked(
        by=who,
        verb=verb,
        number=case.number,
        inputs=inputs,
        kind=where,
        conversation=w.conversation(who, where),
        activity=w.activity(who),
    )
    return await w.router.clicked(clicked)


def seen_with(card: Card, verb: str) -> list[Card]:
    """What stands around this verb's button, where both are seen without pressing anything."""
    for part in [*card["body"], {**card, "items": card["body"]}]:
        own = [part, *part.get("items", [])] if part.get("isVisible") is not False else []
        if any(button.get("verb") == verb for one in own for button in one.get("actions", [])):
            return list(part["items"])
    raise AssertionError(f"no open form has a button {verb}")


def is_beside(items: list[Card], field: str) -> bool:
    """Whether something is said to be wrong directly above or below the field."""
    says = [item["type"] == "RichTextBlock" and "✖" in texts(item) for item in items]
    at = next(place for place, item in enumerate(items) if item.get("id") == field)
    return sum(says) == 1 and any(says[max(0, at - 1) : at + 2])


def what_counts(case: Case) -> tuple[object, ...]:
    """What no refusal may change; that the list was read again is kept."""
    signed = case.containment.signed if case.containment else ()
    return (
        case.status,
        case.decision,
        case.intended,
        case.request,
        case.proofs.mailing,
        signed,
        case.stopped,
        case.limit_change,
    )


@pytest.mark.parametrize("state", STATES)
async def test_what_is_wrong_is_said_beside_its_field_in_the_open_form(w: World, state: str) -> None:
    who, case = STATES[state]
    case = await begins(w, case)
    forms = list(forms_of(card_of(who, case)))
    assert forms
    for form in forms:
        for field, wrong in wrongs(form):
            sent = form.filled(**wrong)
            answer = await answer_to(w, who, case, form.verb, sent)
            where = (form.verb, field, wrong[field][:12])
            items = [one for part in seen_with(answer, form.verb) for one in (part, *part.get("items", []))]
            assert is_beside(items, field), where
            assert what_counts(await w.case(case.number)) == what_counts(case), where
            for item in items:
                if item["type"].startswith("Input.") and "nonsense" not in sent[item["id"]]:
                    assert item.get("value", "") == sent[item["id"]][: item.get("maxLength")], where
            assert not re.search("⚠️ [^|]*Nothing was changed", texts(answer)), where


@pytest.mark.parametrize(("others", "ticked"), [(0, "true"), (1, "false")])
def test_a_tick_is_not_kept_over_facts_that_came_between_the_click_and_the_card(others: int, ticked: str) -> None:
    case = noted(replace(SPAM, facts=(), evidence=HONEST), NOW)
    typed = {"by_another_route": "true", "ground": "called her", "facts": str(case.facts[-1].number - others)}
    asked = AskedAgain(verb="approve", typed=typed, field="ground", wrong="too long")
    card = approver_card(case, replace(VIEW, timing=TIMING, asked_again=asked))
    fields = {one.get("id"): one for one in seen_with(card, "approve")}
    assert fields["by_another_route"].get("value", "false") == ticked
    assert fields["ground"]["value"] == "called her"


@pytest.mark.parametrize(
    ("state", "verb", "wrong", "told"),
    [
        ("spam", "approve", {"by_another_route": "false", "ground": " "}, 2),
        ("honest", "limits", {"limit_external": "many", "limit_day": "-1", "limit_group": "nowhere"}, 3),
        ("not contained", "contain_sign", {"sign_reason": " "}, 2),
    ],
)
async def test_everything_that_is_wrong_is_told_at_once(
    w: World, state: str, verb: str, wrong: Mapping[str, str], told: int
) -> None:
    """Whoever mends one field is not told of the next one then."""
    who, case = STATES[state]
    case = await begins(w, case)
    form = next(one for one in forms_of(card_of(who, case)) if one.verb == verb)
    unticked = {one["id"]: "false" for one in form.fields if one["type"] == "Input.Toggle"}
    answer = await answer_to(w, who, case, verb, form.filled(**{**unticked, **wrong}))
    items = [one for part in seen_with(answer, verb) for one in (part, *part.get("items", []))]
    assert sum("✖" in texts(one) for one in items if one["type"] == "RichTextBlock") == told
    for field in wrong:
        at = next(place for place, one in enumerate(items) if one.get("id") == field)
        assert any("✖" in texts(one) for one in items[max(0, at - 1) : at + 2]), field


async def test_a_code_that_is_lacking_is_told_beside_the_tick_and_the_reason(w: World) -> None:
    case = await begins(w, replace(SPAM, evidence=HONEST))
    form = next(one for one in forms_of(card_of(BO, case)) if one.verb == "approve")
    answer = await answer_to(w, BO, case, "approve", form.filled(by_another_route="false", ground=""))
    items = [one for part in seen_with(answer, "approve") for one in (part, *part.get("items", []))]
    assert sum("✖" in texts(one) for one in items if one["type"] == "RichTextBlock") == 3
