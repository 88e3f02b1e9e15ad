"""What Outlook shows above the code: Exchange Online's sentences for people, pasted without the rest.

Those in English alone: the wordings in other languages could not be looked up, and their bounces tell by the code."""

from services.domain.bounce.cause import Cause, Fixer, Weight, cause
from services.domain.bounce.causes import sources
from services.domain.bounce.meaning import Meaning

CAUSES: tuple[Cause, ...] = (
    cause(
        "recipient_domain_no_code",
        Meaning.WRONG_ADDRESS,
        Fixer.YOU,
        says=("domain name system (dns) reported that the recipient's domain does not exist",),
        weight=Weight.SENTENCE,
        source=sources.P54312,
    ),
    cause(
        "recipient_not_found_no_code",
        Meaning.WRONG_ADDRESS,
        Fixer.YOU,
        says=("wasn't found at the destination domain", "couldn't be delivered … wasn't found at"),
        weight=Weight.SENTENCE,
        source=sources.P5110,
    ),
    cause(
        "recipient_full_no_code",
        Meaning.RECIPIENT_FULL,
        Fixer.RECIPIENT,
        says=("recipient's mailbox is full and can't accept messages now",),
        weight=Weight.SENTENCE,
        source=sources.NDR,
    ),
    cause(
        "group_closed_no_code",
        Meaning.RECIPIENT_CLOSED,
        Fixer.RECIPIENT,
        says=("only accepts messages from people in its organization",),
        weight=Weight.SENTENCE,
        source=sources.P57133,
    ),
    cause(
        "policy_there_no_code",
        Meaning.REJECTED,
        Fixer.RECIPIENT,
        says=("security or policy settings at … have rejected your message",),
        weight=Weight.SENTENCE,
        source=sources.P571,
    ),
)
