"""“@Sendwell doctor”: approvers see what is missing, the worst first; nobody else is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from bot.messenger import card_message
from cards.approver.doctor_card import doctor_card
from cards.fit import CARD_AT_MOST, size_of
from cards.words import languages, words_for
from dialogs.build import build
from dialogs.conversations.inbound import ConversationKind, Reply, Said
from sandbox import texts
from services.domain.doctor.examine import examine
from services.domain.doctor.facts import AppFacts, ChannelFacts, Facts, GroupFacts
from services.domain.doctor.findings import Finding
from services.domain.exchange_roles import BOT, RESPONDER
from services.domain.people import TeamsUser
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.sample_view import VIEW
from tests.cases import BO, NOW
from tests.dialogs.world import DAN, World
from tests.judges.judges import judge_all

NOTHING = Facts(
    now=NOW,
    skew=Unknown(reason=UnknownReason.TIMED_OUT),
    apps=tuple(AppFacts(app=app, roles=frozenset(), cmdlets=frozenset()) for app in (BOT, RESPONDER)),
    groups=(GroupFacts(setting="SENDWELL_APPROVERS_GROUP_ID", exists=False),),
    channel=ChannelFacts(is_set=False),
    keys=False,
    teams_app=False,
    mentions=False,
    is_whole=True,
)
"""An organisation that granted nothing."""


@dataclass(kw_only=True)
class FakeDoctor:
    findings: Sequence[Finding]
    looked: int = 0

    async def look(self) -> Sequence[Finding]:
        self.looked += 1
        return self.findings


async def asks(w: World, doctor: FakeDoctor, who: TeamsUser, kind: ConversationKind = ConversationKind.CHANNEL) -> str:
    router = build(replace(w.ports(), doctor=doctor)).router
    said = Said(by=who, text="doctor", kind=kind, conversation=w.conversation(who, kind), activity=w.activity(who))
    reply = await router.said(said)
    return texts(reply.card) if isinstance(reply, Reply) else ""


@pytest.mark.parametrize("kind", [ConversationKind.CHANNEL, ConversationKind.PERSONAL])
async def test_an_approver_sees_what_is_missing_with_its_step_the_worst_first(w: World, kind: ConversationKind) -> None:
    seen = await asks(w, FakeDoctor(findings=examine(NOTHING)), BO, kind)
    assert "application permission User.Read.All, and grant admin consent" in seen
    assert "Without it: No one can decide." in seen
    assert seen.index("GroupMember.Read.All") < seen.index("UserAuthenticationMethod.Read.All")


async def test_where_all_is_well_the_card_is_short(w: World) -> None:
    seen = await asks(w, FakeDoctor(findings=[Finding(check="database")]), BO)
    assert "Nothing is missing" in seen
    assert "OK: 1" in seen


@pytest.mark.parametrize("kind", [ConversationKind.CHANNEL, ConversationKind.PERSONAL])
async def test_nobody_else_learns_what_is_missing(w: World, kind: ConversationKind) -> None:
    doctor = FakeDoctor(findings=examine(NOTHING))
    assert "User.Read.All" not in await asks(w, doctor, DAN, kind)
    assert doctor.looked == 0


@pytest.mark.parametrize("language", languages())
def test_the_longest_card_is_one_that_teams_takes(language: str) -> None:
    card = doctor_card(examine(NOTHING), replace(VIEW, words=words_for(language)))
    assert judge_all({"doctor": card})["doctor"] == []
    assert size_of(card) <= CARD_AT_MOST
    assert card_message(card, "")
