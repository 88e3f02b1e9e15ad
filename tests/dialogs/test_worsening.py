"""Nothing that gives something is done on facts that got worse: neither between the card and the click, nor between the
click and its effect. Each decision meets each kind of fact that can worsen."""

import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.containment.containment import ContainmentStep
from services.domain.evidence.report import Forwarding
from services.domain.people import AuthenticationMethod, MethodKind, PasswordHome, Standing
from services.domain.restriction import Restriction
from services.domain.unknown import UnknownReason
from tests.cases import ADDRESSES, ANA, BO, LIMIT_REASON, MINUTE, SPAM_REASON, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.rounds import run_due
from tests.dialogs.test_limits import OWN, asks_honestly
from tests.dialogs.world import ANAS_ADDRESS, CLEO, World

CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
STOLEN = report(forwarding=OUTSIDE)
Step = Callable[[World], Awaitable[None]]


class Kind(StrEnum):
    """What a fact is about, and so which decisions rest on it."""

    LIST = "list"
    PROOF = "proof"
    EVIDENCE = "evidence"
    WHO = "who"
    RESTRICTED = "restricted"
    PLAN = "plan"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A click of Cleo's. `prepare` leads to the card with its button; `effects` counts what it does to the world."""

    name: str
    prepare: Step
    verb: str
    rests_on: frozenset[Kind]
    effects: Callable[[World], int]
    form: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Worsening:
    """A fact that gets worse, unseen by the bot. `before_effect`: also where it happens after the click. `subtle`: of
    its kind the one that only a comparison with what was shown sees, so that every decision meets it in each run."""

    name: str
    kind: Kind
    happens: Step
    before_effect: bool = False
    subtle: bool = False


# Decisions.


async def waits(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)


async def waits_for_a_second(w: World) -> None:
    w.traces.report = STOLEN
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **CALLED, **button(w, "approve"))
    assert (await w.case()).first_approval is not None


async def has_failed(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **CALLED, **button(w, "approve"))
    assert await w.status() is Status.FAILED


async def limits_are_proposed(w: World) -> None:
    w.directory.people[ANA] = replace(w.directory.people[ANA], password_changed_at=w.clock.now())
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)


async def limits_are_applied(w: World) -> None:
    await limits_are_proposed(w)
    await w.presses(CLEO, "limits_apply", 1, None, **button(w, "limits_apply"))
    assert w.policies.notes


async def steps_are_listed(w: World) -> None:
    w.traces.report = STOLEN
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "contain", sessions="true", disable="true")


async def is_contained(w: World) -> None:
    w.containing.was = {ContainmentStep.DISABLE: ("enabled",)}
    await steps_are_listed(w)
    await w.presses(BO, "contain_confirm", 1, None, **button(w, "contain_confirm"))
    assert ContainmentStep.DISABLE in w.containing.done


def removals(w: World) -> int:
    return len(w.mail.removals)


def limits_applied(w: World) -> int:
    return len(w.policies.notes)


def limits_reverted(w: World) -> int:
    return w.policies.backs


def steps_taken(w: World) -> int:
    return len(w.containing.done)


def put_back(w: World) -> int:
    return len(w.containing.backs)


GIVING = frozenset({Kind.LIST, Kind.PROOF, Kind.EVIDENCE, Kind.WHO, Kind.RESTRICTED})
DECISIONS = (
    Decision(name="approve", prepare=waits, verb="approve", rests_on=GIVING, effects=removals, form=CALLED),
    Decision(
        name="second approve",
        prepare=waits_for_a_second,
        verb="approve",
        rests_on=GIVING,
        effects=removals,
        form=CALLED,
    ),
    Decision(name="try again", prepare=has_failed, verb="retry", rests_on=GIVING, effects=removals, form=CALLED),
    Decision(
        name="apply limits",
        prepare=limits_are_proposed,
        verb="limits_apply",
        rests_on=GIVING | {Kind.PLAN},
        effects=limits_applied,
        form={},
    ),
    Decision(
        name="put back",
        prepare=is_contained,
        verb="put_back_disable",
        rests_on=GIVING | {Kind.PLAN},
        effects=put_back,
        form={},
    ),
    # These two protect: only who clicks, and what they were shown, can be wrong about them.
    Decision(
        name="take limits back",
        prepare=limits_are_applied,
        verb="limits_back",
        rests_on=frozenset({Kind.WHO}),
        effects=limits_reverted,
        form={},
    ),
    Decision(
        name="contain",
        prepare=steps_are_listed,
        verb="contain_confirm",
        rests_on=frozenset({Kind.WHO, Kind.RESTRICTED, Kind.PLAN}),
        effects=steps_taken,
        form={},
    ),
)


# What gets worse.


def entry(w: World) -> Restriction:
    return w.mail.entries[ANAS_ADDRESS]


async def becomes_spam(w: World) -> None:
    since = entry(w).since
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=since)


async def begins_later(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=w.clock.now() + timedelta(seconds=1))


async def loses_its_start(w: World) -> None:
    w.mail.entries[ANAS_ADDRESS] = replace(entry(w), since=None, changed=None)


async def gets_a_second_entry(w: World) -> None:
    w.mail.restrict(ADDRESSES[1], SPAM_REASON, since=w.clock.now())


async def cannot_be_read(w: World) -> None:
    w.mail.trouble = UnknownReason.THROTTLED


async def adds_a_method(w: World) -> None:
    w.directory.methods_of[ANA] = (
        AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR),
        AuthenticationMethod(id="thief", kind=MethodKind.PHONE),
    )


async def loses_every_method(w: World) -> None:
    w.directory.methods_of[ANA] = ()


async def methods_cannot_be_read(w: World) -> None:
    w.directory.troubles["methods"] = UnknownReason.UNREACHABLE


async def password_is_made_elsewhere(w: World) -> None:
    w.directory.people[ANA] = replace(w.directory.people[ANA], password_home=PasswordHome.ON_PREMISES)


async def forwards_outside(w: World) -> None:
    """The evidence is gathered again and shows it."""
    w.traces.report = report(
        forwarding=replace(OUTSIDE, to="another@mail.example"), gathered_at=w.clock.now() + timedelta(seconds=6)
    )
    w.clock.time += timedelta(seconds=6)
    await w.only_presses(BO, "gather", 1, ConversationKind.CHANNEL, {})
    await run_due(next(loop for loop in w.workers if TaskKind.GATHER in loop.kinds))


async def cleo_leaves(w: World) -> None:
    w.approvers.standings[CLEO.id] = Standing.NOT_APPROVER
    if w.responders:
        w.responders.standings[CLEO.id] = Standing.NOT_APPROVER


async def cleo_is_disabled(w: World) -> None:
    w.approvers.standings[CLEO.id] = Standing.DISABLED
    if w.responders:
        w.responders.standings[CLEO.id] = Standing.DISABLED


async def nobody_knows_who_may(w: World) -> None:
    w.approvers.trouble = UnknownReason.UNREACHABLE
    if w.responders:
        w.responders.trouble = UnknownReason.UNREACHABLE


async def cleo_is_restricted(w: World) -> None:
    w.mail.restrict("cleo@contoso.example", LIMIT_REASON)
    w.clock.time += timedelta(seconds=10)  # a read of the list is shared for some seconds


async def another_plan(w: World) -> None:
    """Somebody chooses other steps, or other limits."""
    if (await w.case()).limit_change is not None:
        await w.presses(BO, "limits", 1, None, **OWN, limit_day="9000")
    elif w.containing.done:
        await w.presses(BO, "contain", sessions="true")
        await w.presses(BO, "contain_confirm", 1, None, **button(w, "contain_confirm"))
    else:
        await w.presses(BO, "contain", password="true")


WORSENINGS = (
    Worsening(name="a worse cause", kind=Kind.LIST, happens=becomes_spam, before_effect=True),
    Worsening(name="a later start", kind=Kind.LIST, happens=begins_later, before_effect=True, subtle=True),
    Worsening(name="no start any more", kind=Kind.LIST, happens=loses_its_start, before_effect=True),
    Worsening(name="a second entry", kind=Kind.LIST, happens=gets_a_second_entry, before_effect=True),
    Worsening(name="no list", kind=Kind.LIST, happens=cannot_be_read, before_effect=True),
    Worsening(name="a new method", kind=Kind.PROOF, happens=adds_a_method, subtle=True),
    Worsening(name="no method any more", kind=Kind.PROOF, happens=loses_every_method),
    Worsening(name="methods not read", kind=Kind.PROOF, happens=methods_cannot_be_read),
    Worsening(name="a password of elsewhere", kind=Kind.PROOF, happens=password_is_made_elsewhere),
    Worsening(name="a new alarm", kind=Kind.EVIDENCE, happens=forwards_outside, before_effect=True, subtle=True),
    Worsening(name="no right any more", kind=Kind.WHO, happens=cleo_leaves, subtle=True),
    Worsening(name="a disabled account", kind=Kind.WHO, happens=cleo_is_disabled),
    Worsening(name="rights not known", kind=Kind.WHO, happens=nobody_knows_who_may),
    Worsening(name="restricted oneself", kind=Kind.RESTRICTED, happens=cleo_is_restricted, subtle=True),
    Worsening(name="another plan", kind=Kind.PLAN, happens=another_plan, subtle=True),
)


def button(w: World, verb: str) -> dict[str, str]:
    """What the button of the card that is posted now carries, besides the number of the case."""
    found = [data for sheet in w.posts() for data in _buttons(sheet.card, verb)]
    assert found, f"no button {verb} on the card"
    return {name: str(value) for name, value in found[-1].items() if name != "case"}


def _buttons(part: Any, verb: str) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("verb") == verb:
            yield part["data"]
        for inner in part.values():
            yield from _buttons(inner, verb)
    elif isinstance(part, list):
        for inner in part:
            yield from _buttons(inner, verb)


def pairs(*, before_effect: bool) -> list[Any]:
    return [
        pytest.param(decision, worse, id=f"{decision.name}: {worse.name}")
        for place, decision in enumerate(DECISIONS)
        for worse in WORSENINGS
        if worse.kind in decision.rests_on
        if worse.before_effect or not before_effect
        # What is worse is judged in one place: that meets everything, and that each decision asks there, the subtle.
        if place == 0 or worse.subtle or os.environ.get("SENDWELL_SOAK")
    ]


@pytest.mark.parametrize("decision", DECISIONS, ids=[decision.name for decision in DECISIONS])
async def test_on_facts_that_stay_it_is_done(w: World, decision: Decision) -> None:
    await decision.prepare(w)
    before = decision.effects(w)
    await w.presses(CLEO, decision.verb, 1, None, **decision.form, **button(w, decision.verb))
    await w.passes(MINUTE)
    assert decision.effects(w) > before


@pytest.mark.parametrize(("decision", "worse"), pairs(before_effect=False))
async def test_what_got_worse_between_card_and_click_is_not_decided_on(
    w: World, decision: Decision, worse: Worsening
) -> None:
    await decision.prepare(w)
    shown, before = button(w, decision.verb), decision.effects(w)
    await worse.happens(w)
    await w.presses(CLEO, decision.verb, 1, None, **decision.form, **shown)
    await w.passes(MINUTE)
    assert decision.effects(w) == before


@pytest.mark.parametrize(("decision", "worse"), pairs(before_effect=True))
async def test_what_got_worse_between_click_and_effect_is_not_carried_out(
    w: World, decision: Decision, worse: Worsening
) -> None:
    await decision.prepare(w)
    shown, before = button(w, decision.verb), decision.effects(w)
    await w.only_presses(CLEO, decision.verb, 1, ConversationKind.CHANNEL, {**decision.form, **shown})
    await worse.happens(w)
    await w.passes(MINUTE)
    assert decision.effects(w) == before


async def test_a_form_that_is_asked_again_keeps_no_tick_over_facts_that_got_worse(w: World) -> None:
    w.traces.report = report()
    await w.ana_has_sent(SPAM_REASON)
    shown = button(w, "approve")
    await w.passes(MINUTE)
    w.traces.report = replace(STOLEN, gathered_at=w.clock.now())
    await w.presses(CLEO, "gather")
    said = await w.presses(BO, "approve", 1, None, **{**CALLED, "ground": "x" * 1_001, **shown})
    assert "too long" not in said
    assert (await w.case()).decision is None
