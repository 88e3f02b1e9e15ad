"""What a bounce means, by kind of trouble."""

from enum import StrEnum


class Meaning(StrEnum):
    """The kind of trouble. The table has finer causes, each of one kind.

    In this order the troubles of several recipients are told: the sender's own first, what passes by itself last."""

    PHISHING = "phishing"
    RESTRICTED_SENDER = "restricted_sender"
    BANNED_FOR_ABUSE = "banned_for_abuse"
    TENANT_BLOCKED = "tenant_blocked"
    CONNECTOR_RESTRICTED = "connector_restricted"
    ADDRESS_RANGE_BLOCKED = "address_range_blocked"
    UNREGISTERED_DOMAIN = "unregistered_domain"
    SUBMISSION_QUOTA = "submission_quota"
    DAILY_RECIPIENTS = "daily_recipients"
    TENANT_RECIPIENTS = "tenant_recipients"
    MAYBE_RESTRICTED = "maybe_restricted"
    NO_SEND_RIGHT = "no_send_right"
    NOT_SIGNED_IN = "not_signed_in"
    DIRECT_SEND = "direct_send"
    FORWARDING_BLOCKED = "forwarding_blocked"
    TENANT_BLOCK_LIST = "tenant_block_list"
    ACCOUNT_DISABLED = "account_disabled"
    SENDER_RECORDS = "sender_records"
    FOREIGN_SENDER_CHECK = "foreign_sender_check"
    MAIL_ROUTING = "mail_routing"
    MAIL_LOOP = "mail_loop"
    MESSAGE_TOO_LARGE = "message_too_large"
    MESSAGE_FORMAT = "message_format"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    WRONG_ADDRESS = "wrong_address"
    RECIPIENT_EDGE = "recipient_edge"
    RECIPIENT_CLOSED = "recipient_closed"
    RECIPIENT_FULL = "recipient_full"
    RECIPIENT_SERVER = "recipient_server"
    REJECTED = "rejected"
    GAVE_UP = "gave_up"
    OTHER = "other"
    RECIPIENT_BUSY = "recipient_busy"
    TEMPORARY = "temporary"


def urgency(meaning: Meaning) -> int:
    """Its place among the meanings: the smaller, the earlier it is told."""
    return _ORDER[meaning]


_ORDER = {meaning: place for place, meaning in enumerate(Meaning)}
