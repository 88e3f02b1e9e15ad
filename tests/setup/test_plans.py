"""A plan says what is wrong with it, all at once; one that is asked for holds the answers."""

import pytest

from services.setup.wanted import FaultyPlanError, read_plan, written
from tests.setup.office import KEY

GUID = "5a4d8f2e-0000-4000-8000-00000000c0de"
GIVEN: dict[str, str | tuple[str, ...]] = {
    "tenant": GUID,
    "public_url": "https://sendwell.contoso.com/",
    "approvers": ("bo@contoso.com", "cleo@contoso.com"),
    "developer": 'The "Contoso" \\ firm',
}


def test_what_was_answered_is_read_again() -> None:
    plan = read_plan(written(KEY, GIVEN))
    assert (plan.tenant, plan.key, plan.certificate) == (GUID, KEY, True)
    assert plan.endpoint == "https://sendwell.contoso.com/api/messages"
    assert plan.approvers.members == GIVEN["approvers"]
    assert plan.package["SENDWELL_DEVELOPER_NAME"] == GIVEN["developer"]
    assert plan.bot is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((f'tenant = "{GUID}"', 'tenant = "contoso"'), "tenant: set it to the directory (tenant) id"),
        (("https://sendwell.contoso.com/", "http://sendwell.contoso.com"), "public_url: set it to an https:// address"),
        ((f'key = "{KEY}"', 'key = "x"'), "key: set it to the key"),
        (('credential = "certificate"', 'credential = "password"'), "credential: set it to certificate or secret"),
        (('  "mfa",', '  "mfaa",'), "features: there is no “mfaa”"),
        (("[approvers]", "[approvals]"), "[approvers] is missing"),
        (('"bo@contoso.com"', '"bo"'), "approvers.members: set it to a list of user names"),
        (("sendwell.contoso.com", "sendwell"), "public_url: set it to an https:// address with a host name"),
        (("[package]", "[package"), "it is no TOML"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[str, str], said: str) -> None:
    with pytest.raises(FaultyPlanError) as faulty:
        read_plan(written(KEY, GIVEN).replace(*change))
    assert said in str(faulty.value)


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(FaultyPlanError) as faulty:
        read_plan(written(KEY))
    assert len(str(faulty.value).splitlines()) == 2  # tenant and address; the rest has defaults
