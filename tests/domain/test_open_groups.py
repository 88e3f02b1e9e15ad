"""Which groups anybody can join."""

import pytest

from services.domain.open_groups import GroupSettings, why_open


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('user.mobile -eq "1"', "mobile"),
        ('(user.Mobile -startsWith "+34") or (user.department -eq "IT")', "mobile"),
        ('user.displayName -contains "admin"', "displayName"),
        (
            'user.department -eq "IT" and user.surname -eq "x" and user.otherMails -any (_ -eq "y")',
            "otherMails and surname",
        ),
        ("user.objectId -ne null", "everybody"),
        ('(user.accountEnabled -eq true) and (user.userType -eq "Member")', "everybody"),
        ("user.userType -ne Guest", "everybody"),
        ('user.department -eq "IT"', None),
        ('(user.userType -eq "Member") and (user.jobTitle -eq "Mail admin")', None),
        ('user.objectId -in ["5a4d8f2e-0000-4000-8000-000000000002"]', None),
        ('user.telephoneNumber -startsWith "+34 91"', None),
        ('user.userPrincipalName -in ["bo@contoso.example"]', None),
        ("user.memberof -any (group.objectId -in ['5a4d8f2e-0000-4000-8000-0000000000a9'])", None),
        (None, None),
    ],
)
def test_a_rule_over_what_people_choose_themselves_lets_anybody_in(rule: str | None, why: str | None) -> None:
    found = why_open(GroupSettings(name="x", rule=rule))
    assert (found is None) is (why is None)
    assert (why or "") in (found or "")


@pytest.mark.parametrize(
    ("is_microsoft365", "visibility", "is_open"),
    [
        (True, "Public", True),
        (True, "public", True),
        (True, "Private", False),
        (True, "HiddenMembership", False),
        (True, None, False),
        # Only a Microsoft 365 group is joined: of a security group the word says nothing.
        (False, "Public", False),
        (False, None, False),
    ],
)
def test_a_public_group_lets_anybody_in(*, is_microsoft365: bool, visibility: str | None, is_open: bool) -> None:
    found = why_open(GroupSettings(name="x", is_microsoft365=is_microsoft365, visibility=visibility))
    assert (found is not None) is is_open
