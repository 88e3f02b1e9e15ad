"""Outbound policies and rules: from rows of Exchange's output, and to parameters of its cmdlets."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from services.clients.wire_values import text_of
from services.domain.limits.outbound_policy import (
    AutoForwarding,
    OutboundPolicy,
    OutboundRule,
    SendingLimits,
    ThresholdAction,
)
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

# https://learn.microsoft.com/powershell/module/exchangepowershell/set-hostedoutboundspamfilterpolicy
_ACTIONS = {
    ThresholdAction.RESTRICT_FOR_TODAY: "BlockUserForToday",
    ThresholdAction.RESTRICT: "BlockUser",
    ThresholdAction.ALERT: "Alert",
}
_FORWARDINGS = {AutoForwarding.AUTOMATIC: "Automatic", AutoForwarding.ON: "On", AutoForwarding.OFF: "Off"}
_NOTE_AT_MOST = 250
_Word = TypeVar("_Word", bound=StrEnum)


def read_policy(row: Mapping[str, Any]) -> OutboundPolicy:
    """The policy of one row. Raises `Unavailable` for a setting that is not understood: it could not be copied."""
    return OutboundPolicy(
        name=_name(row),
        limits=SendingLimits(
            external_per_hour=_number(row, "RecipientLimitExternalPerHour"),
            internal_per_hour=_number(row, "RecipientLimitInternalPerHour"),
            per_day=_number(row, "RecipientLimitPerDay"),
        ),
        action=_word(row, "ActionWhenThresholdReached", _ACTIONS),
        forwarding=_word(row, "AutoForwardingMode", _FORWARDINGS),
        notify=_is_true(row.get("NotifyOutboundSpam")),
        notify_to=_texts(row, "NotifyOutboundSpamRecipients"),
        bcc=_is_true(row.get("BccSuspiciousOutboundMail")),
        bcc_to=_texts(row, "BccSuspiciousOutboundAdditionalRecipients"),
        note=text_of(row.get("AdminDisplayName")) or "",
        is_default=_is_true(row.get("IsDefault")),
    )


def read_rule(row: Mapping[str, Any]) -> OutboundRule:
    """The rule of one row. Raises `Unavailable` if its state or its policy is missing."""
    state = str(row.get("State")).casefold()
    policy = text_of(row.get("HostedOutboundSpamFilterPolicy"))
    if state not in ("enabled", "disabled") or policy is None:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"the outbound rule {_name(row)}", quotes=True)
    return OutboundRule(
        name=_name(row),
        policy=policy,
        priority=_number(row, "Priority"),
        enabled=state == "enabled",
        senders=_texts(row, "From"),
        groups=_texts(row, "FromMemberOf"),
        domains=_texts(row, "SenderDomainIs"),
        except_senders=_texts(row, "ExceptIfFrom"),
        except_groups=_texts(row, "ExceptIfFromMemberOf"),
        except_domains=_texts(row, "ExceptIfSenderDomainIs"),
    )


def limits_as_parameters(limits: SendingLimits) -> dict[str, object]:
    return {
        "RecipientLimitExternalPerHour": limits.external_per_hour,
        "RecipientLimitInternalPerHour": limits.internal_per_hour,
        "RecipientLimitPerDay": limits.per_day,
    }


def policy_as_parameters(policy: OutboundPolicy, note: str) -> dict[str, object]:
    """Parameters for New-. Every setting is given, so that none gets the default of a new policy."""
    # https://learn.microsoft.com/powershell/module/exchangepowershell/new-hostedoutboundspamfilterpolicy
    return {
        "Name": policy.name,
        "AdminDisplayName": note[:_NOTE_AT_MOST],
        **limits_as_parameters(policy.limits),
        "ActionWhenThresholdReached": _ACTIONS[policy.action],
        "AutoForwardingMode": _FORWARDINGS[policy.forwarding],
        "NotifyOutboundSpam": policy.notify,
        "BccSuspiciousOutboundMail": policy.bcc,
        **_lists(
            NotifyOutboundSpamRecipients=policy.notify_to,
            BccSuspiciousOutboundAdditionalRecipients=policy.bcc_to,
        ),
    }


def rule_as_parameters(rule: OutboundRule, note: str) -> dict[str, object]:
    """Parameters for New-."""
    # https://learn.microsoft.com/powershell/module/exchangepowershell/new-hostedoutboundspamfilterrule
    return {
        "Name": rule.name,
        "HostedOutboundSpamFilterPolicy": rule.policy,
        "Priority": rule.priority,
        "Enabled": rule.enabled,
        "Comments": note[:_NOTE_AT_MOST],
        **_lists(
            From=rule.senders,
            FromMemberOf=rule.groups,
            SenderDomainIs=rule.domains,
            ExceptIfFrom=rule.except_senders,
            ExceptIfFromMemberOf=rule.except_groups,
            ExceptIfSenderDomainIs=rule.except_domains,
        ),
    }


def _lists(**lists: tuple[str, ...]) -> dict[str, object]:
    return {name: list(values) for name, values in lists.items() if values}


def _name(row: Mapping[str, Any]) -> str:
    name = text_of(row.get("Name"))
    if name is None:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "an outbound policy or rule without a name")
    return name


def _number(row: Mapping[str, Any], field: str) -> int:
    value = row.get(field)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{_name(row)}: {field}", quotes=True)
    return value


def _word(row: Mapping[str, Any], field: str, known: Mapping[_Word, str]) -> _Word:
    """The enum member for a field's value. Exchange does not always write it in the same case."""
    value = str(row.get(field)).casefold()
    found = next((word for word, text in known.items() if text.casefold() == value), None)
    if found is None:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{_name(row)}: {field}", quotes=True)
    return found


def _is_true(value: object) -> bool:
    return value in (True, "True", "true")


def _texts(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The texts of a field that is a list, a single text, or empty. Raises `Unavailable` if one of them is no text: a
    rule would then seem to name fewer senders than it does."""
    value = row.get(field)
    parts = value if isinstance(value, list) else ([] if value in (None, "") else [value])
    texts = tuple(text for part in parts if (text := text_of(part)))
    if len(texts) < len(parts):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{_name(row)}: {field}", quotes=True)
    return texts
