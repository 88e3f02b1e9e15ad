"""What is told of a code that the table lacks, and of what was tried until it was given up."""

from services.domain.bounce.cause import Cause, Fixer, Weight, cause
from services.domain.bounce.causes import sources
from services.domain.bounce.meaning import Meaning

CAUSES: tuple[Cause, ...] = (
    cause("gave_up_mailbox", Meaning.GAVE_UP, Fixer.RECIPIENT, weight=Weight.CLASS, source=sources.RFC3463),
    cause("gave_up_network", Meaning.GAVE_UP, Fixer.RECIPIENT, weight=Weight.CLASS, source=sources.RFC3463),
    cause("gave_up_policy", Meaning.GAVE_UP, Fixer.RECIPIENT, weight=Weight.CLASS, source=sources.RFC3463),
    cause("gave_up", Meaning.GAVE_UP, Fixer.RECIPIENT, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_address", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_mailbox", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_system", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_network", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_protocol", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_content", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_policy", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_temporary", Meaning.TEMPORARY, Fixer.WAIT, weight=Weight.CLASS, source=sources.RFC3463),
    cause("class_other", Meaning.OTHER, Fixer.UNCLEAR, weight=Weight.CLASS, source=sources.RFC3463),
    cause("feedback_report", Meaning.OTHER, Fixer.YOU, weight=Weight.CLASS, source=sources.RFC5965),
    cause("automatic_reply", Meaning.OTHER, Fixer.WAIT, weight=Weight.CLASS, source=sources.RFC3834),
    cause("phishing", Meaning.PHISHING, Fixer.YOU, weight=Weight.CLASS, source=sources.PHISH),
)
