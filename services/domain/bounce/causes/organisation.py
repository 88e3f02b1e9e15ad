"""What the sender's organisation has to do with it: its limits, connectors, rules and ways of signing in."""

from services.domain.bounce.cause import Cause, Fixer, Weight, cause
from services.domain.bounce.causes import sources
from services.domain.bounce.meaning import Meaning

CAUSES: tuple[Cause, ...] = (
    cause(
        "tenant_recipients_reached", Meaning.TENANT_RECIPIENTS, Fixer.YOUR_ADMIN, codes="5.7.233", source=sources.TERRL
    ),
    cause(
        "trial_tenant_recipients_reached",
        Meaning.TENANT_RECIPIENTS,
        Fixer.YOUR_ADMIN,
        codes="5.7.232",
        source=sources.TERRL,
    ),
    cause(
        "tenant_recipients_no_code",
        Meaning.TENANT_RECIPIENTS,
        Fixer.YOUR_ADMIN,
        says=(
            "tenant has exceeded its daily limit for sending email to external recipients",
            "tenant exceeded its daily limit",
            "tenant has exceeded its daily limit",
            "tenant external recipient rate limit",
            "trial tenant has exceeded its daily limit",
        ),
        weight=Weight.SENTENCE,
        source=sources.TERRL,
    ),
    cause("initial_domain_limited", Meaning.TENANT_RECIPIENTS, Fixer.YOUR_ADMIN, codes="5.7.236", source=sources.MOERA),
    cause(
        "initial_domain_limited_no_code",
        Meaning.TENANT_RECIPIENTS,
        Fixer.YOUR_ADMIN,
        says=(
            "recipients from the onmicrosoft.com domain",
            "onmicrosoft.com … external recipients",
        ),
        weight=Weight.HINT,
        source=sources.MOERA,
    ),
    cause("tenant_blocked", Meaning.TENANT_BLOCKED, Fixer.YOUR_ADMIN, codes="5.7.705", source=sources.T700),
    cause(
        "tenant_threshold",
        Meaning.TENANT_BLOCKED,
        Fixer.YOUR_ADMIN,
        codes="5.7.700-702 5.7.704 5.7.706-707 5.7.709-710 5.7.712-749",
        source=sources.T700,
    ),
    cause(
        "tenant_threshold_no_code",
        Meaning.TENANT_BLOCKED,
        Fixer.YOUR_ADMIN,
        says=("tenant has exceeded threshold",),
        weight=Weight.SENTENCE,
        source=sources.T700,
    ),
    cause(
        "address_range_blocked", Meaning.ADDRESS_RANGE_BLOCKED, Fixer.YOUR_ADMIN, codes="5.7.708", source=sources.T700
    ),
    cause(
        "connector_restricted",
        Meaning.CONNECTOR_RESTRICTED,
        Fixer.YOUR_ADMIN,
        codes="5.7.711",
        source=sources.CONNECTOR,
    ),
    cause(
        "connector_restricted_no_code",
        Meaning.CONNECTOR_RESTRICTED,
        Fixer.YOUR_ADMIN,
        says=("bad inbound connector",),
        weight=Weight.SENTENCE,
        source=sources.CONNECTOR,
    ),
    cause("unregistered_domain", Meaning.UNREGISTERED_DOMAIN, Fixer.YOUR_ADMIN, codes="5.7.750", source=sources.T700),
    cause(
        "unregistered_domain_no_code",
        Meaning.UNREGISTERED_DOMAIN,
        Fixer.YOUR_ADMIN,
        says=("blocked from sending from unregistered domains",),
        weight=Weight.SENTENCE,
        source=sources.T700,
    ),
    cause(
        "relay_connector_mismatch", Meaning.CONNECTOR_RESTRICTED, Fixer.YOUR_ADMIN, codes="5.7.64", source=sources.P5764
    ),
    cause(
        "connector_restricts_senders",
        Meaning.CONNECTOR_RESTRICTED,
        Fixer.YOUR_ADMIN,
        codes="5.7.51",
        source=sources.NDR,
    ),
    cause(
        "relay_not_accepted_domain", Meaning.CONNECTOR_RESTRICTED, Fixer.YOUR_ADMIN, codes="5.7.54", source=sources.NDR
    ),
    cause(
        "sending_account_banned_spam", Meaning.BANNED_FOR_ABUSE, Fixer.YOUR_ADMIN, codes="5.7.501", source=sources.NDR
    ),
    cause("sending_account_banned", Meaning.BANNED_FOR_ABUSE, Fixer.YOUR_ADMIN, codes="5.7.502", source=sources.NDR),
    cause(
        "sending_account_banned_again", Meaning.BANNED_FOR_ABUSE, Fixer.YOUR_ADMIN, codes="5.7.503", source=sources.NDR
    ),
    cause("sending_domain_banned", Meaning.BANNED_FOR_ABUSE, Fixer.YOUR_ADMIN, codes="5.7.800", source=sources.NDR),
    cause("forwarding_blocked", Meaning.FORWARDING_BLOCKED, Fixer.YOUR_ADMIN, codes="5.7.520", source=sources.FORWARD),
    cause(
        "forwarding_blocked_no_code",
        Meaning.FORWARDING_BLOCKED,
        Fixer.YOUR_ADMIN,
        says=(
            "organization does not allow external forwarding",
            "organization doesn't allow external forwarding",
        ),
        weight=Weight.SENTENCE,
        source=sources.FORWARD,
    ),
    cause("client_not_authenticated", Meaning.NOT_SIGNED_IN, Fixer.YOUR_ADMIN, codes="5.7.57", source=sources.P5757),
    cause(
        "smtp_auth_switched_off",
        Meaning.NOT_SIGNED_IN,
        Fixer.YOUR_ADMIN,
        codes="5.7.139 5.7.57",
        says=("smtpclientauthentication is disabled",),
        source=sources.SMTPAUTH,
    ),
    cause("sign_in_refused", Meaning.NOT_SIGNED_IN, Fixer.YOUR_ADMIN, codes="5.7.139", source=sources.SMTPAUTH),
    cause("basic_sign_in_retired", Meaning.NOT_SIGNED_IN, Fixer.YOUR_ADMIN, codes="5.7.30", source=sources.RETIRED),
    cause(
        "basic_sign_in_retired_no_code",
        Meaning.NOT_SIGNED_IN,
        Fixer.YOUR_ADMIN,
        says=(
            "basic authentication is not supported for client submission",
            "basic authentication is not supported",
        ),
        weight=Weight.HINT,
        source=sources.RETIRED,
    ),
    cause(
        "sign_in_unsuccessful",
        Meaning.NOT_SIGNED_IN,
        Fixer.YOUR_ADMIN,
        codes="5.7.3",
        says=(
            "authentication unsuccessful",
            "not authenticated",
            "authentication required",
            "client was not authenticated",
            "cannot achieve exchange server authentication",
        ),
        source=sources.SMTPAUTH,
    ),
    cause("sign_in_missing", Meaning.NOT_SIGNED_IN, Fixer.YOUR_ADMIN, codes="5.7.3", source=sources.RFC3463),
    cause(
        "foreign_content_refused",
        Meaning.REJECTED,
        Fixer.RECIPIENT,
        codes="5.7.3",
        says=(
            "content",
            "spam",
            "policy",
        ),
        source=sources.RFC3463,
    ),
    cause(
        "authentication_type_unknown", Meaning.NOT_SIGNED_IN, Fixer.YOUR_ADMIN, codes="5.7.4", source=sources.RFC3463
    ),
    cause("authentication_failed", Meaning.NOT_SIGNED_IN, Fixer.YOU, codes="5.7.8", source=sources.RFC4954),
    cause("authentication_too_weak", Meaning.NOT_SIGNED_IN, Fixer.YOUR_ADMIN, codes="5.7.9", source=sources.RFC4954),
    cause("encryption_needed", Meaning.NOT_SIGNED_IN, Fixer.YOU, codes="5.7.10 5.7.11", source=sources.RFC5248),
    cause("direct_send_rejected", Meaning.DIRECT_SEND, Fixer.YOUR_ADMIN, codes="5.7.68", source=sources.DIRECTSEND),
    cause(
        "direct_send_rejected_no_code",
        Meaning.DIRECT_SEND,
        Fixer.YOUR_ADMIN,
        says=(
            "direct send not allowed for this organization",
            "direct send not allowed",
        ),
        weight=Weight.SENTENCE,
        source=sources.DIRECTSEND,
    ),
    cause("tenant_block_list", Meaning.TENANT_BLOCK_LIST, Fixer.YOUR_ADMIN, codes="5.7.703", source=sources.TABL),
    cause(
        "tenant_block_list_no_code",
        Meaning.TENANT_BLOCK_LIST,
        Fixer.YOUR_ADMIN,
        says=("blocked by your organization using tenant allow block list",),
        weight=Weight.SENTENCE,
        source=sources.TABL,
    ),
    cause(
        "blocked_in_own_mail_rule",
        Meaning.REJECTED,
        Fixer.YOUR_ADMIN,
        codes="5.7.1 5.7.0",
        says=(
            "transport.rules.rejectmessage",
            "rejected by organization policy",
            "rejected by your organization",
        ),
        source=sources.P571,
    ),
    cause(
        "dlp_refused",
        Meaning.REJECTED,
        Fixer.YOUR_ADMIN,
        codes="5.7.1 5.7.0",
        says=(
            "data loss prevention",
            "dlp policy",
            "sensitive information",
            "conflicts with a policy in your organization",
        ),
        source=sources.P571,
    ),
    cause(
        "moderator_refused",
        Meaning.RECIPIENT_CLOSED,
        Fixer.RECIPIENT,
        codes="5.7.1 5.7.0",
        says=(
            "approval.rejected",
            "rejected by a moderator",
            "moderator rejected",
            "rejected by moderator",
        ),
        source=sources.P571,
    ),
    cause("journal_not_supported", Meaning.MAIL_ROUTING, Fixer.YOUR_ADMIN, codes="5.3.190", source=sources.NDR),
    cause("mail_loop_on_premises", Meaning.MAIL_LOOP, Fixer.YOUR_ADMIN, codes="5.4.6", source=sources.LOOP),
    cause("mail_loop", Meaning.MAIL_LOOP, Fixer.YOUR_ADMIN, codes="5.4.14", source=sources.LOOP),
    cause("mail_loop_hops", Meaning.MAIL_LOOP, Fixer.YOUR_ADMIN, codes="5.4.20 5.4.15-19", source=sources.LOOP),
    cause(
        "mail_loop_in_words",
        Meaning.MAIL_LOOP,
        Fixer.YOUR_ADMIN,
        says=(
            "hop count exceeded",
            "mail loop",
            "too many hops",
            "routing loop detected",
            "message is looping",
        ),
        weight=Weight.FOREIGN_WORDS,
        source=sources.LOOP,
    ),
    cause("agent_depth_exceeded", Meaning.MAIL_LOOP, Fixer.YOUR_ADMIN, codes="5.4.11 5.4.12", source=sources.NDRSERVER),
    cause("forwarding_misconfigured", Meaning.MAIL_ROUTING, Fixer.RECIPIENT, codes="5.2.14", source=sources.NDRSERVER),
)
