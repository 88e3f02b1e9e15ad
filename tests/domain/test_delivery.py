"""Which message proves that mail flows again, and which messages came back: as strict as a proof must be."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.delivery.traced import (
    ReturnedMessage,
    Traced,
    TracedRow,
    TracedStatus,
    came_back,
    first_delivered,
)
from tests.cases import ADDRESSES, MINUTE, NOW, SINCE

S = TracedStatus
SECOND = timedelta(seconds=1)
LATER = NOW + MINUTE


def row(message: str = "m1", status: TracedStatus = S.DELIVERED, **changes: object) -> TracedRow:
    """A message of Ana's to somebody outside, a minute after the unblock."""
    one = TracedRow(
        message=message, sender=ADDRESSES[0], recipient="guest@fabrikam.example", at=LATER, status=status, subject="Hi"
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # the tests name real fields


def proven(*rows: TracedRow, complete: bool = True) -> object:
    return first_delivered(Traced(rows=rows, complete=complete), ADDRESSES, NOW)


def test_the_first_message_delivered_after_the_unblock_proves_it() -> None:
    assert proven(row("m2", at=LATER + MINUTE), row(), row("m3", at=LATER + 2 * MINUTE)) == LATER
    assert proven(row(sender="A.SOTO@contoso.example")) == LATER


@pytest.mark.parametrize("status", [status for status in S if status is not S.DELIVERED])
def test_only_delivered_is_delivered(status: TracedStatus) -> None:
    assert proven(row(status=status)) is None


@pytest.mark.parametrize(
    "no_proof",
    [
        row(at=NOW - SECOND),
        row(at=NOW),
        row(sender="sales@contoso.example"),
        row(sender=""),
        row(recipient="A.Soto@contoso.example"),
    ],
    ids=["before the unblock", "in the very second", "of another sender", "of no sender", "to herself"],
)
def test_what_proves_nothing(no_proof: TracedRow) -> None:
    assert proven(no_proof) is None
    assert proven(no_proof, row("m2")) == LATER


def test_a_message_of_before_that_is_sent_on_once_more_proves_nothing() -> None:
    assert proven(row(status=S.FAILED, at=NOW - MINUTE), row()) is None
    assert proven(row(status=S.UNDECIDED, at=NOW - MINUTE, sender="x@contoso.example"), row()) is None


def test_a_read_that_lacks_something_proves_nothing() -> None:
    assert proven(row(), complete=False) is None


def returned(*rows: TracedRow) -> tuple[ReturnedMessage, ...]:
    return came_back(Traced(rows=rows), ADDRESSES, SINCE).messages


def test_one_message_with_all_the_recipients_it_did_not_reach() -> None:
    rows = [row(status=S.FAILED, recipient=f"r{n}@fabrikam.example") for n in (2, 1, 1)]
    (one,) = returned(*rows, row(recipient="r3@fabrikam.example"))
    assert one == ReturnedMessage(at=LATER, subject="Hi", recipients=("r1@fabrikam.example", "r2@fabrikam.example"))


@pytest.mark.parametrize("status", [S.DELIVERED, S.EXPANDED, S.QUARANTINED, S.FILTERED])
def test_what_arrived_after_all_is_not_to_be_sent_again(status: TracedStatus) -> None:
    assert returned(row(status=S.FAILED), row(status=status, at=LATER + MINUTE)) == ()


def test_what_others_sent_and_what_came_back_before_is_not_listed() -> None:
    assert returned(row(status=S.FAILED, sender="x@contoso.example"), row(status=S.FAILED, at=SINCE - SECOND)) == ()


def test_of_a_day_of_ten_thousand_messages_none_is_missed_and_none_is_made_up() -> None:
    dice = random.Random(17)
    rows, expected = [], {}
    for number in range(10_000):
        message, at = f"m{number}", SINCE + timedelta(seconds=number)
        sender = dice.choice((*ADDRESSES, "dan@contoso.example"))
        missed = []
        for recipient in (f"r{n}@fabrikam.example" for n in range(dice.randint(1, 4))):
            one = row(message, dice.choice(list(S)), sender=sender, at=at, recipient=recipient, subject=message)
            rows.append(one)
            arrives = one.status is S.FAILED and dice.random() < 0.2
            rows += [replace(one, status=S.DELIVERED, at=at + MINUTE)] if arrives else []
            rows += [one] if dice.random() < 0.05 else []  # pages overlap
            missed += [recipient] if one.status is S.FAILED and not arrives else []
        if missed and sender in ADDRESSES:
            expected[message] = tuple(missed)
    dice.shuffle(rows)
    found = returned(*rows)
    assert {one.subject: one.recipients for one in found} == expected
    assert len(found) == len(expected)
    assert [one.at for one in found] == sorted(one.at for one in found)
