"""Groups that anybody can join: no group of approvers or responders, since whoever wants to decide could let themselves
in."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSettings:
    """What decides who belongs to a group. `rule`: that of its dynamic membership, as it is applied; `None` if an owner
    or admin adds its members."""

    name: str
    is_microsoft365: bool = False
    visibility: str | None = None
    rule: str | None = None


_SELF_WRITTEN = {
    # A member changes their own: https://learn.microsoft.com/entra/fundamentals/users-default-permissions
    "mobile": "mobile",
    "mobilephone": "mobile",
    # Of an account that was invited, or belongs to another organisation, somebody else chose them.
    "displayname": "displayName",
    "givenname": "givenName",
    "surname": "surname",
    "othermails": "otherMails",
}
"""The attributes of an account, as rules name them, whose value an account's holder or inviter chooses. The business
number, department, job title and user name are an administrator's."""
_ATTRIBUTE = re.compile(r"\buser\.([a-z0-9_]+)", re.IGNORECASE)
_AND = re.compile(r"\s-?and\s", re.IGNORECASE)
_OF_EVERYBODY = re.compile(
    r"\(*\s*user\.(?:objectid\s+-ne\s+null|accountenabled\s+-eq\s+true"
    r"|usertype\s+-(?:eq\s+[\"']?member[\"']?|ne\s+[\"']?guest[\"']?))\s*\)*",
    re.IGNORECASE,
)


def why_open(group: GroupSettings) -> str | None:
    """Why anybody can join it, for an operator to read; `None` if it does not look so."""
    if group.is_microsoft365 and (group.visibility or "").casefold() == "public":
        return "it is public, so that everybody in the organisation can join it. Make it private"
    if group.rule is None:
        return None
    written = {
        _SELF_WRITTEN[name] for name in map(str.casefold, _ATTRIBUTE.findall(group.rule)) if name in _SELF_WRITTEN
    }
    if written:
        names = " and ".join(sorted(written))
        return f"its members are found by {names}, which people can choose for themselves. Use another rule"
    if all(_OF_EVERYBODY.fullmatch(clause.strip()) for clause in _AND.split(group.rule)):
        return "its rule takes in everybody. Use another rule"
    return None
