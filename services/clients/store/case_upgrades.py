"""Upgrades of stored cases: for each older version a pure function that turns its body into one of the next version.

A function depends on its two versions only, and not on the present case, which goes on changing. So the names and
values of a version are spelled out here, and never imported."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]
"""A case as JSON, without the number of its version."""


def _to_2(body: Body) -> Body:
    """From 1 to 2: enum values that were sentences become identifiers, fields are renamed, and the fields of a case are
    put into groups."""
    renamed: Body = _with_new_names({name: _with_identifiers(name, value) for name, value in body.items()})
    return _grouped(renamed)


def _to_3(body: Body) -> Body:
    """From 2 to 3: fields were added, each with a default."""
    return body


def _to_4(body: Body) -> Body:
    """From 3 to 4: what cases about one restriction share is put into their episode."""
    proofs, baseline = dict(body["proofs"]), {}
    if "snapshot" in proofs:
        baseline = {"methods": proofs.pop("snapshot")}
    kept = {name: value for name, value in body.items() if name != "looked_stolen"}
    episode = {"looked_stolen": body.get("looked_stolen", False), "baseline": baseline}
    return {**kept, "proofs": proofs, "episode": episode}


def _to_5(body: Body) -> Body:
    """From 4 to 5: fields were added, each with a default."""
    return body


def _to_6(body: Body) -> Body:
    """From 5 to 6: fields were added, each with a default."""
    return body


def _to_7(body: Body) -> Body:
    """From 6 to 7: fields were added, each with a default."""
    return body


UPGRADES: Mapping[int, Callable[[Body], Body]] = MappingProxyType(
    {1: _to_2, 2: _to_3, 3: _to_4, 4: _to_5, 5: _to_6, 6: _to_7}
)
"""Version → the function that upgrades a body of it to the next. For a damaged body it raises `LookupError`,
`TypeError`, `ValueError` or `AttributeError`."""


def _with_identifiers(name: str, value: Any) -> Any:
    """The value of a field with its sentences replaced, at any depth. Only the sentences of that very field are
    replaced, so that a text that somebody wrote stays as it is."""
    if isinstance(value, dict):
        return {inner: _with_identifiers(inner, one) for inner, one in value.items()}
    if isinstance(value, list):
        values = [_with_identifiers(name, one) for one in value]
        return sorted(values) if name == "kinds" else values  # proofs are compared, and expect their kinds sorted
    return _SENTENCES.get(name, {}).get(value, value) if isinstance(value, str) else value


def _with_new_names(value: Any) -> Any:
    """The value with its fields renamed, at any depth."""
    if isinstance(value, list):
        return [_with_new_names(one) for one in value]
    if not isinstance(value, dict):
        return value
    names = _FIELDS | {"why": "not_checked" if "finding" in value else "reason"}
    return {names.get(name, name): _with_new_names(inner) for name, inner in value.items()}


def _grouped(body: Body) -> Body:
    """The case with its fields in groups. A missing field stays missing."""
    grouped = {name: group for group, names in _GROUPS.items() for name in names}
    groups: Body = {}
    for name in grouped.keys() & body.keys():
        groups.setdefault(grouped[name], {})[_IN_GROUP.get(name, name)] = body[name]
    return {**{name: value for name, value in body.items() if name not in grouped}, **groups}


_GROUPS = {
    "sender": (
        *("person", "name", "upn", "addresses", "phone", "manager", "self_service_reset"),
        *("mailbox_address", "mailbox", "connector_id"),
    ),
    "contact": ("person_spoke_at", "unreachable", "contacted_first", "found_by_monitor_at"),
    "past": ("previous", "followed_by", "earlier_restrictions", "earlier_unblocks", "times_asked"),
    "proofs": ("snapshot", "password", "mfa", "mailing", "other_senders"),
    "request": (
        *("note", "sent_at", "admins_told_at", "reminded_at", "requested_by", "sole_approver", "question"),
        "reviewing",
    ),
    "unblock": ("unblock_calls", "unblock_tried_at", "unblock_error", "unblock_waits_until", "unblocked_at"),
    "list_reads": ("checks", "checked_at", "absent_at", "relisted_at", "off_list_at"),
}
_IN_GROUP = {
    "earlier_restrictions": "restrictions",
    "earlier_unblocks": "unblocks",
    "unblock_calls": "calls",
    "unblock_tried_at": "tried_at",
    "unblock_error": "error",
    "unblock_waits_until": "waits_until",
    "unblocked_at": "done_at",
}
"""The name of a field within its group, if it differs."""

_FIELDS = {
    # of a case
    "not_looked": "look_failed",
    "earlier_releases": "earlier_unblocks",
    "nobody_else": "sole_approver",
    "heard_at": "person_spoke_at",
    "looking": "reviewing",
    "release_calls": "unblock_calls",
    "release_tried_at": "unblock_tried_at",
    "release_error": "unblock_error",
    "release_waits_until": "unblock_waits_until",
    "released_at": "unblocked_at",
    "unsolicited": "contacted_first",
    "noticed_at": "found_by_monitor_at",
    "others": "other_senders",
    "asked_by": "requested_by",
    "limits_work": "limit_change",
    "connector": "connector_id",
    # of what somebody did, of a containment and of other limits
    "words": "text",
    "wanted": "requested",
    "way": "strategy",
    "anew": "planned_again",
    "alone": "by_sole_approver",
    "back": "reverted_by",
}
"""The renamed fields of version 1. A name is renamed the same way everywhere, except `why`: in a proof it says why the
proof was not checked, elsewhere why something is unknown."""

_UNKNOWN_BECAUSE = {
    "timed out": "timed_out",
    "no permission": "no_permission",
    "no licence": "no_licence",
    "strange answer": "unexpected_response",
    "start unknown": "start_unknown",
}
_CONTAINMENT_STEPS = {
    "revoke sessions": "revoke_sessions",
    "new password": "new_password",
    "rules off": "rules_off",
    "forwarding off": "forwarding_off",
    "disable account": "disable_account",
}
_SENTENCES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "status": {
            "needs info": "needs_info",
            "released": "unblocked",
            "off list": "off_list",
            "needs ticket": "needs_ticket",
            "with Microsoft": "with_microsoft",
            "already lifted": "already_lifted",
            "closed unconfirmed": "closed_unconfirmed",
            "not restricted": "not_restricted",
        },
        "not_looked": _UNKNOWN_BECAUSE,
        "why": _UNKNOWN_BECAUSE,
        "cause": {"spam verdict": "spam", "policy limit": "policy_limit", "service rate limit": "service_rate"},
        "says": {"nothing yet": "nothing"},
        "finding": {
            "changed since": "changed_since",
            "changed before": "changed_before",
            "on-premises": "on_premises",
            "registered before": "registered_before",
            "registered, date unknown": "registered_undated",
            "none found": "none",
            "not checked": "not_checked",
        },
        "kinds": {
            "one-time code": "one_time_code",
            "Windows Hello": "windows_hello",
            "platform credential": "platform",
        },
        "right": {"send as": "send_as", "send on behalf": "on_behalf"},
        "what": {
            "method added": "method_added",
            "method removed": "method_removed",
            "app consented": "app_consented",
            "password changed": "password_changed",
            "inbox rule changed": "rule_changed",
        },
        "steps": _CONTAINMENT_STEPS,
        "step": _CONTAINMENT_STEPS,
        "putting_back": _CONTAINMENT_STEPS,
        "outcome": {"already so": "already_so", "on-premises": "on_premises"},
        "stage": {"wanted": "requested", "no help": "no_help", "taking back": "reverting", "taken back": "reverted"},
        "way": {"own limits": "own_limits", "published recipe": "published_recipe"},
        "no_help": {
            "the service's own limit": "service_rate",
            "spam verdict": "spam_verdict",
            "reason unknown": "reason_unknown",
            "the organisation's own limit": "tenant_limit",
            "the policy sets no limit": "no_limit_set",
            "the policy's limits were not reached": "not_reached",
        },
        "obstacle": {
            "governing policy unknown": "governing_unknown",
            "domains unknown": "domains_unknown",
            "nothing to change": "nothing_to_change",
            "group unknown": "group_unknown",
            "not a member": "not_a_member",
        },
        "kind": {
            "make policy": "make_policy",
            "make rule": "make_rule",
            "except sender": "except_sender",
            "raise limits": "raise_limits",
            "also named": "also_named",
            "group excepted": "group_excepted",
            "priorities shift": "priorities_shift",
        },
        "action": {"restrict for today": "restrict_for_today"},
        "gains": {
            "everybody under default": "everybody_under_default",
            "domains added later": "domains_added_later",
        },
    }
)
"""The sentences of version 1 that changed, by the name of their field in version 1."""
