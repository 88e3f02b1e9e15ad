"""A bug in a client is no answer: it is logged as a bug, and nobody is told that the directory does not know them."""

import pytest

from services.domain.case.status import Status
from services.domain.proofs.securing import MfaFinding
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, MINUTE
from tests.dialogs.test_watch import OWN
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, WATCH_EVERY, World

BUG = KeyError("id")
"""The bug most easily mistaken for "there is none"."""


async def test_nobody_is_told_that_the_directory_does_not_know_them(w: World) -> None:
    w.directory.bugs["person"] = BUG
    with pytest.raises(ExceptionGroup) as met:
        await w.ana_asks()
    assert met.value.subgroup(KeyError)
    assert w.sheets(ANA_CLICKS) == []
    w.directory.bugs.clear()
    await w.ana_asks()
    assert await w.status() is Status.SECURING


async def test_a_bug_is_not_taken_for_a_proof_that_cannot_be_had(w: World) -> None:
    await w.ana_asks()
    before = (await w.case()).proofs.mfa
    w.directory.bugs["methods"] = BUG
    with pytest.raises(KeyError):
        await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa == before
    w.directory.bugs.clear()
    await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa.finding is not MfaFinding.NOT_CHECKED


async def test_a_look_that_meets_a_bug_is_logged_with_a_reference_and_made_again(
    w: World, caplog: pytest.LogCaptureFixture
) -> None:
    w.directory.troubles["person"] = UnknownReason.TIMED_OUT
    await w.ana_asks()
    assert await w.status() is Status.LOOKING
    w.directory.troubles.clear()
    w.directory.bugs["person"] = BUG
    await w.passes(MINUTE)
    found = [record for record in caplog.records if "failed, reference reference" in record.getMessage()]
    assert found
    assert found[0].exc_info is not None
    assert "does not know" not in w.ana_sees()
    w.directory.bugs.clear()
    await w.passes(HOUR)
    assert await w.status() is Status.SECURING


async def test_an_approver_is_not_told_that_there_is_no_such_mailbox(w: World) -> None:
    w.mailboxes.bug = BUG
    with pytest.raises(KeyError):
        await w.commands(BO, f"unblock {ANAS_ADDRESS} she called")
    assert w.sheets() == []


async def test_a_restriction_is_not_laid_aside_as_nobodys(w: World) -> None:
    w.mailboxes.known = {ANAS_ADDRESS: OWN}
    await w.installs(ANA_CLICKS)
    await w.watches()
    w.mail.restrict(ANAS_ADDRESS)
    w.mailboxes.bug = BUG
    await w.watches(WATCH_EVERY)  # one entry's bug keeps no other untold
    assert w.posts() == []
    w.mailboxes.bug = None
    await w.watches(WATCH_EVERY)
    assert await w.status() is Status.SECURING
