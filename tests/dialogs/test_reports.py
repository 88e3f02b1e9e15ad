"""`report`: approvers see how many were restricted, how long it took and what waits; nobody else does."""

from dataclasses import replace

from dialogs.conversations.inbound import ConversationKind, Reply
from services.domain.card import Card
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, SPAM_REASON
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, World

CHANNEL, PERSONAL = ConversationKind.CHANNEL, ConversationKind.PERSONAL


async def restricted_and_mended(w: World) -> None:
    """Ana is restricted and gets her mail back by Bo's word, an hour after she asked."""
    await w.ana_has_sent(SPAM_REASON)
    await w.passes(HOUR)
    await w.bo_approves()
    await w.passes(HOUR)
    await w.presses(ANA_CLICKS, "works")


def charts_of(card: Card) -> dict[str, dict[str, float]]:
    """The figures of each chart, by its title."""
    charts = [element for element in card["body"] if element["type"].startswith("Chart.")]
    return {
        chart["title"]: {
            str(one.get("x") or one.get("legend")): one["y"] if "y" in one else one["value"] for one in chart["data"]
        }
        for chart in charts
    }


async def reported(w: World, text: str) -> Card:
    reply = await w.router.said(replace(w.said_with(BO, (), CHANNEL), text=text))
    assert isinstance(reply, Reply)
    return reply.card


async def test_an_approver_sees_what_happened_and_how_long_it_took(w: World) -> None:
    await restricted_and_mended(w)
    said = await w.says(BO, "report", CHANNEL)
    assert said == await w.says(BO, "report", PERSONAL)
    assert "1 restriction." in said
    assert "Marked as spam" in said
    assert "Works again: 1 · Expired undecided: 0" in said
    assert "half took up to 60 minutes" in said
    assert "120 of 10,000 external recipients" in said
    assert "Nothing is waiting" in said


async def test_what_a_chart_draws_stands_in_rows_too(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    card = await reported(w, "report 14")
    by_week, by_cause = charts_of(card).values()
    assert [*by_week.values()] == [1]  # no weeks of nothing before the first restriction
    assert by_cause == {"Marked as spam": 1}
    for chart in (element for element in card["body"] if element["type"].startswith("Chart.")):
        rows = [
            (row["columns"][0]["items"][0]["inlines"][0]["text"], row["columns"][1]["items"][0]["inlines"][0]["text"])
            for row in chart["fallback"]["items"][1:]
        ]
        assert rows == [(name, str(many)) for name, many in charts_of(card)[chart["title"]].items()]


async def test_who_was_restricted_again_is_named_to_approvers_with_the_newest_case(w: World) -> None:
    await restricted_and_mended(w)
    w.clock.time += 7 * 24 * HOUR
    await w.passes()
    await w.ana_has_sent()
    said = await w.says(BO, "report", CHANNEL)
    assert "2 restrictions." in said
    assert ANAS_ADDRESS in said
    assert "2 times · Case 2" in said
    assert "For whoever asked:  | 1" in said


async def test_a_request_that_nobody_decided_is_counted_as_expired(w: World) -> None:
    await w.ana_has_sent()
    w.clock.time += w.timing.expire_after + HOUR
    await w.passes()
    assert "Expired undecided: 1" in await w.says(BO, "report", CHANNEL)


async def test_nobody_else_is_told(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    for kind in (CHANNEL, PERSONAL):
        said = await w.says(DAN, "report", kind)
        assert "Marked as spam" not in said
        assert ANAS_ADDRESS not in said


async def test_a_limit_that_cannot_be_read_costs_one_line(w: World) -> None:
    await w.ana_has_sent()
    w.policies.trouble = UnknownReason.NO_PERMISSION
    said = await w.says(BO, "report", CHANNEL)
    assert "Could not be read" in said
    assert "Needs Get-LimitsEnforcementStatus" in said
    assert "1 restriction." in said


async def test_a_limit_that_is_nearly_used_up_is_pointed_out(w: World) -> None:
    w.policies.tenant = TenantLimit(observed=9_100, threshold=10_000)
    assert "⚠️ 9,100 of 10,000 external recipients used in the last 24 hours (91 %)" in await w.says(
        BO, "report", CHANNEL
    )
