"""The message itself, and how the servers take it."""

from services.domain.bounce.cause import Cause, Fixer, Weight, cause
from services.domain.bounce.causes import sources
from services.domain.bounce.meaning import Meaning

CAUSES: tuple[Cause, ...] = (
    cause("too_large", Meaning.MESSAGE_TOO_LARGE, Fixer.YOU, codes="5.3.4", source=sources.RFC3463),
    cause(
        "too_large_in_words",
        Meaning.MESSAGE_TOO_LARGE,
        Fixer.YOU,
        says=(
            "message size exceeds",
            "message too large",
            "message is too large",
            "exceeds maximum message size",
            "maximum message size",
            "size limit exceeded",
            "message exceeds",
        ),
        weight=Weight.FOREIGN_WORDS,
        source=sources.RFC1870,
    ),
    cause("system_misconfigured", Meaning.RECIPIENT_SERVER, Fixer.RECIPIENT, codes="5.3.5", source=sources.RFC3463),
    cause("system_full", Meaning.RECIPIENT_SERVER, Fixer.RECIPIENT, codes="5.3.1", source=sources.RFC3463),
    cause("system_not_accepting", Meaning.RECIPIENT_SERVER, Fixer.RECIPIENT, codes="5.3.2", source=sources.RFC3463),
    cause("system_incapable", Meaning.RECIPIENT_SERVER, Fixer.RECIPIENT, codes="5.3.3", source=sources.RFC3463),
    cause(
        "system_trouble",
        Meaning.RECIPIENT_SERVER,
        Fixer.UNCLEAR,
        codes="5.3.0",
        weight=Weight.ROUGH_CODE,
        source=sources.NDRSERVER,
    ),
    cause("too_many_recipients", Meaning.TOO_MANY_RECIPIENTS, Fixer.YOU, codes="5.5.3", source=sources.RFC3463),
    cause("too_many_recipients_at_once", Meaning.TOO_MANY_RECIPIENTS, Fixer.YOU, codes="4.5.3", source=sources.NDR),
    cause(
        "too_many_recipients_in_words",
        Meaning.TOO_MANY_RECIPIENTS,
        Fixer.YOU,
        says=("too many recipients",),
        weight=Weight.FOREIGN_WORDS,
        source=sources.LIMITS,
    ),
    cause("protocol_out_of_order", Meaning.MAIL_ROUTING, Fixer.YOUR_ADMIN, codes="5.5.1", source=sources.RFC3463),
    cause("protocol_syntax", Meaning.MAIL_ROUTING, Fixer.YOUR_ADMIN, codes="5.5.2", source=sources.RFC3463),
    cause("invalid_domain_name", Meaning.MAIL_ROUTING, Fixer.YOUR_ADMIN, codes="5.5.4", source=sources.NDRSERVER),
    cause("invalid_content", Meaning.MESSAGE_FORMAT, Fixer.YOU, codes="5.5.6 5.5.5", source=sources.NDRSERVER),
    cause(
        "protocol_trouble",
        Meaning.OTHER,
        Fixer.UNCLEAR,
        codes="5.5.0",
        weight=Weight.ROUGH_CODE,
        source=sources.RFC3463,
    ),
    cause("bare_line_feeds", Meaning.MESSAGE_FORMAT, Fixer.YOU, codes="5.6.11", source=sources.P5611),
    cause("media_not_supported", Meaning.MESSAGE_FORMAT, Fixer.YOU, codes="5.6.1", source=sources.RFC3463),
    cause("conversion_refused", Meaning.MESSAGE_FORMAT, Fixer.YOU, codes="5.6.2 5.6.3 5.6.5", source=sources.RFC3463),
    cause("international_address", Meaning.MESSAGE_FORMAT, Fixer.YOU, codes="5.6.7 5.6.9", source=sources.RFC6531),
    cause(
        "content_trouble",
        Meaning.MESSAGE_FORMAT,
        Fixer.YOU,
        codes="5.6.0",
        weight=Weight.ROUGH_CODE,
        source=sources.NDRSERVER,
    ),
)
