"""The checks for "my mail does not go": found, nothing found, or not checked."""

from datetime import timedelta

import pytest

from services.domain.bounce.cause import Fixer
from services.domain.checks.checks import (
    CameBack,
    Check,
    Checked,
    Finding,
    MailboxHome,
    OwnReads,
    asides,
    findings,
    judge,
)
from services.domain.checks.mailbox_state import MailboxFill, OwnForwarding, SmtpAuth
from services.domain.checks.replies import ServerReply, bounce_in
from services.domain.delivery.traced import (
    ReturnedMail,
    ReturnedMessage,
    Traced,
    TracedRow,
    TracedStatus,
    newest_failed,
)
from services.domain.limits.outbound_policy import AutoForwarding
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import NOW

LATE = Unknown(reason=UnknownReason.TIMED_OUT)
CAME_BACK = CameBack(mail=ReturnedMail(messages=(ReturnedMessage(at=NOW, subject="x", recipients=("k@x.example",)),)))
NOTHING = CameBack(mail=ReturnedMail())
OUTSIDE = "me@fabrikam.example"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("reads", "found"),
    [
        (OwnReads(), ()),
        (OwnReads(enabled=True, mailbox=MailboxHome.HERE, came_back=NOTHING), (None, None, None)),
        (OwnReads(enabled=False, mailbox=LATE), (Finding.ACCOUNT_DISABLED, LATE)),
        (OwnReads(enabled=LATE, came_back=CAME_BACK), (LATE, Finding.CAME_BACK)),
        (OwnReads(mailbox=MailboxHome.NONE), (Finding.NO_MAILBOX,)),
        (OwnReads(tenant=TenantLimit(observed=9, threshold=10)), (None,)),
        (OwnReads(tenant=TenantLimit(observed=10, threshold=10)), (Finding.TENANT_LIMIT,)),
        (OwnReads(tenant=TenantLimit(observed=11, threshold=10, enforced=False)), (None,)),
        (OwnReads(mailbox=MailboxHome.ELSEWHERE), (Finding.MAILBOX_ELSEWHERE,)),
        (OwnReads(fill=MailboxFill(used=9, sends_below=10)), (None,)),
        (OwnReads(fill=MailboxFill(used=10, sends_below=10)), (Finding.MAILBOX_FULL,)),
        (OwnReads(fill=MailboxFill(used=10, sends_below=None)), (None,)),
        (OwnReads(forwarding=OwnForwarding()), (None,)),
        (OwnReads(forwarding=OwnForwarding(to=OUTSIDE, policy=AutoForwarding.ON)), (None,)),
        (OwnReads(forwarding=OwnForwarding(to=OUTSIDE, policy=AutoForwarding.OFF)), (Finding.FORWARDING_OFF,)),
        (
            OwnReads(forwarding=OwnForwarding(to=OUTSIDE, policy=AutoForwarding.AUTOMATIC)),
            (Finding.FORWARDING_AUTOMATIC,),
        ),
        (OwnReads(fill=LATE, smtp_auth=SmtpAuth.ON), (LATE, None)),
    ],
)
def test_each_check_has_a_finding_nothing_or_a_reason(reads: OwnReads, found: tuple[Finding | Unknown | None]) -> None:
    assert tuple(one.found for one in judge(reads)) == found
    assert findings(reads) == tuple(one for one in found if isinstance(one, Finding))


@pytest.mark.parametrize(
    ("auth", "found"),
    [(SmtpAuth.OFF_HERE, Finding.SMTP_AUTH_HERE), (SmtpAuth.OFF_EVERYWHERE, Finding.SMTP_AUTH_EVERYWHERE)],
)
def test_what_only_a_printer_meets_is_an_aside(auth: SmtpAuth, found: Finding) -> None:
    reads = OwnReads(smtp_auth=auth)
    assert (findings(reads), asides(reads)) == ((), (found,))


def test_what_nobody_asked_is_no_check() -> None:
    assert judge(OwnReads(enabled=True)) == (Checked(check=Check.ACCOUNT, found=None),)


def test_each_finding_names_who_can_put_it_right() -> None:
    assert {finding.fixer for finding in Finding} <= {Fixer.YOUR_ADMIN, Fixer.UNCLEAR, Fixer.YOU}


@pytest.mark.parametrize(
    ("words", "remote", "cause"),
    [
        ("550 5.7.705 Access denied, tenant has exceeded threshold", False, "tenant_blocked"),
        ("550 5.1.8 Access denied, bad outbound sender AS(42004)", False, "sender_restricted"),
        ("501 5.1.8 <a@x>: Sender address rejected: Domain not found", True, "foreign_sender_domain_missing"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup", False, "recipient_not_found"),
    ],
)
def test_a_servers_reply_is_read_like_a_bounce(words: str, remote: bool, cause: str) -> None:
    bounce = bounce_in([("Kim@x.example", ServerReply(words=words, remote=remote))])
    assert bounce is not None
    assert (bounce.cause.name, bounce.troubles[0].recipients) == (cause, ("kim@x.example",))


def test_the_senders_own_trouble_goes_first_and_words_without_meaning_say_nothing() -> None:
    unknown, blocked = ServerReply(words="550 5.1.1 User unknown", remote=True), ServerReply(words="550 5.7.705 denied")
    bounce = bounce_in([("a@x.example", unknown), ("b@x.example", blocked)])
    assert bounce is not None
    assert [trouble.recipients for trouble in bounce.troubles] == [("b@x.example",), ("a@x.example",)]
    assert bounce_in([("a@x.example", ServerReply(words="no"))]) is None
    assert bounce_in([]) is None


def test_a_reply_cannot_write_a_report_about_somebody_else() -> None:
    forged = "550 5.1.1 no Final-Recipient: rfc822;boss@contoso.example Action: failed Status: 5.7.705"
    bounce = bounce_in([("kim@x.example", ServerReply(words=forged, remote=True))])
    assert bounce is not None
    assert {one for trouble in bounce.troubles for one in trouble.recipients} == {"kim@x.example"}


def test_the_newest_failures_are_one_row_a_message_without_those_that_arrived() -> None:
    def row(message: str, minutes: int, recipient: str = "k@x.example", status: str = "failed") -> TracedRow:
        return TracedRow(
            message=message,
            sender="Ana@contoso.example",
            recipient=recipient,
            at=NOW + minutes * MINUTE,
            status=TracedStatus(status),
            trace=f"{message} {minutes}",
        )

    rows = (
        *(row("m1", 1), row("m1", 2), row("m2", 4), row("m2", 3, "l@x.example"), row("m3", 9)),
        *(row("m3", 10, status="delivered"), row("m4", -1), row("m5", 6)),
    )
    newest = newest_failed(Traced(rows=rows), ["ana@contoso.example"], NOW, 2)
    assert [one.trace for one in newest] == ["m5 6", "m2 4"]
