"""What somebody is told who is not restricted: their bounce, and what was looked up of them."""

from dataclasses import replace

from services.domain.bounce.bounce import Bounce, Trouble
from services.domain.bounce.table import ALL as TROUBLES
from services.domain.bounce.table import NAMED
from services.domain.checks.checks import CameBack, MailboxHome, OwnReads
from services.domain.delivery.traced import ReturnedMail, ReturnedMessage
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.sample_view import HOSTILE
from tests.cases import ADDRESSES, HOUR, NOW


def told_bounces() -> dict[str, Bounce]:
    """One cause for each who can put it right, and every shape of the lines. The sentences of the other causes stand
    in the catalogue alone."""
    causes = {cause.fixer: cause for cause in reversed(TROUBLES)}
    bounces = {cause.name: Bounce(troubles=(Trouble(code="5.7.1", cause=cause),)) for cause in causes.values()}
    lost = Trouble(code="5.1.1", cause=NAMED["recipient_unknown"], recipients=("kim@fabrikam.example",))
    full = Trouble(
        code=None, cause=NAMED["full_in_words"], recipients=tuple(f"lee{n}@fabrikam.example" for n in "1234")
    )
    return bounces | {
        "restricted_sender": Bounce(troubles=(Trouble(code="5.1.8", cause=NAMED["sender_restricted"]),)),
        "phishing": Bounce(troubles=(Trouble(code=None, cause=NAMED["phishing"]),)),
        "by-class": Bounce(troubles=(Trouble(code="5.7.999", cause=NAMED["class_policy"]),)),
        "many": Bounce(troubles=(lost, full), sender=ADDRESSES[0]),
        "incoming": Bounce(troubles=(replace(lost, recipients=ADDRESSES),), sender="kim@fabrikam.example"),
        "someone-else": Bounce(troubles=(lost,), sender="sales@contoso.example"),
    }


def own_reads() -> dict[str, OwnReads]:
    """What was looked up of somebody who pasted no bounce."""
    to = (HOSTILE, *(f"r{n}@x.example" for n in range(4)))
    older = ReturnedMessage(at=NOW - 5 * HOUR, subject="Offer", recipients=to[1:2])
    mail = ReturnedMail(messages=(older, replace(older, at=NOW - HOUR, recipients=to)))
    well = OwnReads(
        enabled=True,
        mailbox=MailboxHome.HERE,
        came_back=CameBack(mail=ReturnedMail()),
        tenant=TenantLimit(observed=120, threshold=10_000),
    )
    blocked = Bounce(troubles=(Trouble(code="5.7.705", cause=NAMED["tenant_blocked"], recipients=("r0@x.example",)),))
    over = Bounce(troubles=(Trouble(code="5.1.8", cause=NAMED["sender_restricted"]),))
    late, denied = Unknown(reason=UnknownReason.TIMED_OUT), Unknown(reason=UnknownReason.NO_PERMISSION)
    return {
        "nothing-found": well,
        "came-back": replace(well, came_back=CameBack(mail=mail, bounce=blocked)),
        "came-back-restricted": replace(well, came_back=CameBack(mail=mail, bounce=over)),
        "came-back-untold": replace(well, came_back=CameBack(mail=replace(mail, complete=False))),
        "no-mailbox": replace(well, mailbox=MailboxHome.NONE, came_back=late),
        "mailbox-elsewhere": replace(well, mailbox=MailboxHome.ELSEWHERE, came_back=denied),
        "tenant-limit": replace(well, tenant=TenantLimit(observed=10_000, threshold=10_000)),
        "disabled": replace(well, enabled=False, mailbox=denied, came_back=denied),
    }
