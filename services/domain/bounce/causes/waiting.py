"""What passes by itself, as long as the service has not given up."""

from services.domain.bounce.cause import Cause, Fixer, cause
from services.domain.bounce.causes import sources
from services.domain.bounce.meaning import Meaning

CAUSES: tuple[Cause, ...] = (
    cause("still_trying", Meaning.TEMPORARY, Fixer.WAIT, codes="4.4.7", source=sources.P547),
    cause("connection_refused_for_now", Meaning.TEMPORARY, Fixer.WAIT, codes="4.4.316", source=sources.NDR),
    cause("connection_timed_out", Meaning.TEMPORARY, Fixer.WAIT, codes="4.4.1", source=sources.NDRSERVER),
    cause("connection_dropped", Meaning.TEMPORARY, Fixer.WAIT, codes="4.4.2", source=sources.NDRSERVER),
    cause("dns_for_now", Meaning.TEMPORARY, Fixer.WAIT, codes="4.4.3 4.4.4 4.4.310-315", source=sources.RFC3463),
    cause("mailbox_busy", Meaning.TEMPORARY, Fixer.WAIT, codes="4.2.0 4.2.1", source=sources.RFC3463),
    cause("system_out_of_room", Meaning.TEMPORARY, Fixer.WAIT, codes="4.3.1", source=sources.NDRSERVER),
    cause("system_busy", Meaning.TEMPORARY, Fixer.WAIT, codes="4.3.2", source=sources.NDRSERVER),
    cause(
        "greylisted",
        Meaning.TEMPORARY,
        Fixer.WAIT,
        codes="4.2.0 4.7.1 4.7.0 4.5.1",
        says=(
            "greylist",
            "grey listed",
            "greylisting",
            "graylist",
        ),
        source=sources.RFC6647,
    ),
    cause("rate_limited_by_repute", Meaning.TEMPORARY, Fixer.WAIT, codes="4.7.650", source=sources.NDR),
    cause("suspicious_for_now", Meaning.TEMPORARY, Fixer.WAIT, codes="4.7.500-649 4.7.651-699", source=sources.P451),
    cause("ip_suspicious_for_now", Meaning.TEMPORARY, Fixer.WAIT, codes="4.7.850-899", source=sources.NDR),
    cause("refused_for_now", Meaning.TEMPORARY, Fixer.WAIT, codes="4.7.1 4.7.0", source=sources.RFC3463),
)
