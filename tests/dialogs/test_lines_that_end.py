"""A line in the channel that says how something stands is changed when it stands so no more."""

from dataclasses import dataclass, field, replace

import pytest

from dialogs.build import build
from dialogs.casework.standing_lines import StandingLines
from dialogs.casework.views import Views
from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.card import Card
from services.domain.case.stall import TOLD_AFTER
from services.domain.case.status import Status
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import PolicyRefused
from services.ports.storage import Audience
from services.ports.teams import Posted
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.fake_teams import FakeMessenger
from tests.dialogs.test_called_to_mind import CALLED
from tests.dialogs.test_contained import FORWARDING, SECOND, bo_contains, evidence_shows
from tests.dialogs.test_contained import w as forwards  # noqa: F401 - a fixture
from tests.dialogs.test_digest import sends
from tests.dialogs.test_limits import OWN, asks_honestly
from tests.dialogs.test_noise import consents
from tests.dialogs.test_settled_lines import said
from tests.dialogs.test_worsening import button
from tests.dialogs.world import ANA_CLICKS, CLEO, LINKS, World, everything_well

ANAS = "case 1"


def stand(w: World, claim: str) -> int:
    """How many lines say so now; cards say it in their own words."""
    return sum(claim in text for text in said(w))


async def ends(w: World, claim: str, settled: str) -> None:
    """The line is gone, and what came of it stands in its place, once."""
    assert stand(w, claim) == 0
    assert stand(w, f"Settled: {settled}") == 1


@pytest.mark.parametrize("by", ["contain_confirm", "contain_cancel"])
async def test_that_a_second_responder_is_needed_ends_with_the_plan(w: World, by: str) -> None:
    w.containing.admins.add(ANA)
    await w.ana_has_sent()
    await w.presses(BO, "contain", disable="true")
    assert stand(w, "wants to contain the account") == 1
    await w.presses_shown(CLEO, by)
    await ends(w, "wants to contain the account", f"{ANAS} is no longer waiting for a second responder.")


async def test_that_a_second_responder_is_needed_for_giving_back_ends_with_it(forwards: World) -> None:  # noqa: F811
    w = forwards
    w.containing.admins.add(ANA)
    await w.ana_has_sent()
    await w.presses(BO, "contain", disable="true")
    await w.presses_shown(CLEO, "contain_confirm")
    await w.presses_shown(BO, "put_back_disable")
    assert stand(w, "wants to undo a containment") == 1
    await w.presses_shown(CLEO, "put_back_disable")
    assert stand(w, "wants to undo a containment") == 0


async def test_that_the_account_is_contained_no_more_ends_when_it_is_again(forwards: World) -> None:  # noqa: F811
    w = forwards
    await w.ana_has_sent()
    await bo_contains(w)
    await evidence_shows(w, forwarding=SECOND)
    assert stand(w, "no longer contained") == 1
    w.containing.done, w.containing.was = [], {FORWARDING: (SECOND.to, "", "true")}
    await w.presses_shown(CLEO, "contain_again")
    assert (await w.case()).is_contained
    await ends(w, "no longer contained", f"the account of {ANAS} is contained.")


async def test_a_proposal_of_limits_is_no_proposal_once_it_is_applied(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    assert stand(w, "new sending limits are proposed") == 1
    await w.presses_shown(CLEO, "limits_apply")
    await ends(w, "are proposed", f"the sending limits of {ANAS} are no longer waiting for an approver.")


async def test_limits_that_failed_are_planned_anew(w: World) -> None:
    w.policies.outcomes = [PolicyRefused(error="Access denied.", left_behind=())]
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    assert stand(w, "the sending limits could not be applied") == 1
    await w.presses(BO, "limits", 1, None, **OWN)
    assert stand(w, "the sending limits could not be applied") == 0


@pytest.mark.parametrize("ends_by", ["deny", "contain"])
async def test_that_signs_keep_coming_ends_with_the_decision_or_the_containment(forwards: World, ends_by: str) -> None:  # noqa: F811
    w = forwards
    w.traces.report = report()
    await w.ana_has_sent(LIMIT_REASON)
    for app in ("Mail Sync", "Mail Sync 2"):
        shown = button(w, "approve")
        await w.passes(MINUTE)
        await consents(w, app)
        await w.presses(CLEO, "gather")
        await w.presses(BO, "approve", 1, None, **{**CALLED, **shown})
    assert stand(w, "new signs of compromise keep coming") == 1
    if ends_by == "deny":
        await w.presses(CLEO, "deny", reason="come by")
    else:
        await bo_contains(w, disable="true")
    await ends(w, "new signs of compromise keep coming", f"new signs no longer hold up {ANAS}.")


@pytest.mark.parametrize("ends_by", ["list", "nothing_there", "withdraw"])
async def test_that_the_list_cannot_be_read_ends_with_the_look(w: World, ends_by: str) -> None:
    if ends_by == "list":
        w.mail.restrict("ana@contoso.example")
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    await w.presses(ANA_CLICKS, "send")
    assert stand(w, "the restricted list cannot be read") == 1
    if ends_by == "withdraw":
        await w.presses(ANA_CLICKS, "withdraw")
    w.mail.trouble = None
    await w.passes(10 * MINUTE)
    await ends(w, "the restricted list cannot be read", f"{ANAS} is no longer waiting for the restricted list.")


async def is_told_that_it_is_stalled(w: World) -> None:
    for number in (1, 2):
        await sends(w, number)
    for number in (1, 2):
        await w.only_presses(BO, "approve", number, ConversationKind.CHANNEL, CALLED)
    w.mail.trouble = UnknownReason.NO_PERMISSION
    await w.passes(TOLD_AFTER + MINUTE)
    assert stand(w, "the unblock has been stuck since") == 1


async def test_a_stall_is_over_when_its_step_was_taken(w: World) -> None:
    await is_told_that_it_is_stalled(w)
    w.mail.trouble = None
    await w.passes(5 * MINUTE)
    await ends(
        w,
        "the unblock has been stuck since",
        "cases 1, 2 are no longer held up by this.",
    )


async def test_a_stall_names_those_alone_that_are_held_up_still(w: World) -> None:
    await is_told_that_it_is_stalled(w)
    await w.presses(CLEO, "stop", 1, None, stop_reason="wait", reason="wait")
    assert await w.status(1) is Status.DENIED
    (line,) = [text for text in said(w) if "the unblock has been stuck since" in text]
    assert "2 (Sample Person 2)" in line
    assert "Sample Person 1" not in line


async def test_that_an_unblock_cannot_be_looked_up_is_over_although_the_case_is_as_it_was(w: World) -> None:
    """By the program that was started meanwhile, too."""
    w.mail.keeps_listing = True
    await w.ana_has_sent(LIMIT_REASON)
    await w.bo_approves()
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.passes(TOLD_AFTER + 5 * MINUTE)
    assert stand(w, "possible to check whether it took effect") == 1
    w.workers = build(w.ports()).workers
    w.mail.trouble = None
    await w.passes(10 * MINUTE)
    assert await w.status() is Status.UNBLOCKED
    assert stand(w, "possible to check whether it took effect") == 0


@dataclass(kw_only=True)
class NoEdits(FakeMessenger):
    """Teams takes what is new, and lets some of the old not be edited."""

    kept: set[str] = field(default_factory=set)

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        if posted.activity in self.kept:
            raise Unavailable(UnknownReason.UNREACHABLE, "503")
        return await super().replace(posted, card, summary)


async def test_a_line_that_cannot_be_edited_makes_no_other_one_come_again(database: Database) -> None:
    messenger = NoEdits()
    w = World(database, outside=replace(everything_well(), messenger=messenger))
    w.policies.outcomes = [PolicyRefused(error="Access denied.", left_behind=())]
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    (line,) = [sheet for sheet in w.sheets() if "new sending limits are proposed" in w.text_of(sheet)]
    messenger.kept = {line.posted.activity}
    await w.presses_shown(CLEO, "limits_apply")
    await w.passes(10 * MINUTE)
    assert sum("could not be applied" in w.text_of(sheet) for sheet in w.sheets() if sheet.thread) == 1


async def test_a_line_that_stands_is_not_rewritten_by_who_read_the_case_before(w: World) -> None:
    w.containing.admins.add(ANA)
    w.mail.outcomes = [REFUSED] * 9
    w.mail.keeps_listing = True
    await w.ana_has_sent()
    await w.bo_approves()
    await w.passes(5 * MINUTE)
    before = await w.case()
    assert before.status is Status.FAILED
    await w.presses(BO, "contain", disable="true")
    assert stand(w, "a second responder") == 1
    views = Views(clock=w.clock, timing=w.timing, links=LINKS, contains=True)
    lines = StandingLines(storage=w.ports().storage, messenger=w.messenger, views=views)
    await lines.settle(before, (await w.cards.shown(before.number, Audience.APPROVERS)).lines)
    assert stand(w, "a second responder") == 1
