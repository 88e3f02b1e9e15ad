"""Recording a tenant over HTTPS: nothing is written there, nothing of it is left in the files, and they replay."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yarl

from sandbox import PEOPLE, Sandbox
from sandbox.checks import CannotStartError
from sandbox.management_roles import ManagementRoles
from sandbox.people import DOMAIN, TENANT
from services.domain.containment.containment import ContainmentStep, StepOutcome
from services.domain.evidence.report import Excerpt
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalRefused
from services.recording.record import Recorded, ports_over, record, run, told
from services.recording.session import is_read
from services.settings import read_settings
from tests.recording.conftest import reading, rich
from tests.service import FixedTokens

ANA = PEOPLE["ana"]
INVOKE = yarl.URL("https://outlook.office365.com/adminapi/beta/t/InvokeCommand")
SINCE = datetime.now(UTC) - timedelta(days=10)
LATER = datetime.now(UTC)  # the sandbox itself would show none of them
USER = yarl.URL("https://graph.microsoft.com/v1.0/users/1")


def calling(cmdlet: object) -> dict[str, Any]:
    return {"CmdletInput": {"CmdletName": cmdlet, "Parameters": {}}}


@pytest.mark.parametrize(
    ("method", "url", "body", "reads"),
    [
        ("GET", USER, None, True),
        ("POST", INVOKE, calling("Get-Mailbox"), True),
        ("POST", INVOKE, calling("Remove-BlockedSenderAddress"), False),
        ("POST", INVOKE, calling("Get-Mailbox; Remove-Mailbox"), False),
        ("POST", INVOKE, calling(["Get-Mailbox"]), False),
        ("POST", INVOKE, {"CmdletInput": "Get-Mailbox"}, False),
        ("POST", INVOKE, None, False),
        ("POST", USER / "revokeSignInSessions", None, False),
        ("POST", USER / "checkMemberGroups", {"groupIds": []}, False),
        ("POST", USER, calling("Get-Mailbox"), False),
        ("PATCH", USER, {"accountEnabled": False}, False),
        ("PUT", USER, None, False),
        ("DELETE", USER, None, False),
        ("get", USER, None, False),
    ],
)
def test_what_is_a_read(method: str, url: yarl.URL, body: object, reads: bool) -> None:
    assert is_read(method, url, body) is reads


async def test_the_ports_of_a_recording_cannot_write_whatever_is_asked_of_them(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path) as box, reading(rich(box)) as (_, session, ports):
        before, log = (box.tenant.removals[:], box.tenant.is_restricted("ana")), len(box.tenant.log)
        assert isinstance(await ports.senders.unblock(ANA.upn, "x"), RemovalRefused)
        for step in ContainmentStep:
            try:
                outcome = (await ports.containment.contain(step, PersonId(ANA.id), ANA.upn, ())).outcome
            except Unavailable:
                continue
            assert outcome in (StepOutcome.ALREADY_SO, StepOutcome.FAILED), step
        with pytest.raises(Unavailable):
            await ports.audit_log.begin("name", (ANA.upn,), box.tenant.entries[0].listed_at, LATER)
        assert (box.tenant.removals, box.tenant.is_restricted("ana")) == before
        assert len(box.tenant.log) == log
        assert all(is_read(raw.method, raw.url, raw.body) for raw in session.answers)


@asynccontextmanager
async def recorded(
    folder: Path, *, roleless: bool = False, about: str | None = None
) -> AsyncIterator[tuple[Sandbox, Path, Recorded]]:
    """A tenant, and the recording made of it."""
    async with Sandbox(data=folder / "tenant") as box:
        rich(box)
        if roleless:
            box.tenant.management_roles = ManagementRoles()
        made = await record(read_settings(box.environment), folder / "recording", about)
        yield box, folder / "recording", made


async def test_a_recording_holds_nothing_of_the_tenant_and_changes_nothing_in_it(tmp_path: Path) -> None:
    async with recorded(tmp_path) as (box, folder, made):
        assert not box.tenant.removals
        assert box.tenant.is_restricted("ana")
        files = sorted(folder.iterdir())
        assert [file.name for file in files] == sorted(line.split()[0] for line in made.files)
        assert len(files) > 20
        written = " ".join(file.read_text(encoding="utf-8") for file in files).casefold()
    assert set(made.ended.values()) == {"read"}
    names = [part for persona in PEOPLE.values() for part in (*persona.name.split(), persona.id, persona.upn)]
    more = [
        DOMAIN.partition(".")[0],
        TENANT,
        "collector",
        "quarterly",
        "192.0.2.10",
        "600 000",
        "localhost",
        "helpdesk",
    ]
    for word in (*names, *more):
        assert not re.search(rf"(?<![a-z]){re.escape(word.casefold())}(?![a-z])", written), word


async def test_whoever_recorded_is_told_what_was_written_and_to_look_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with recorded(tmp_path, about=PEOPLE["kim"].upn) as (box, folder, made):
        assert made.ended["inbox rules"] == "read"
        assert "-Get-BlockedSenderAddress.json  200" in told(made, folder)
        assert told(made, folder).endswith(f"Look through {folder} before you send it to anybody.")
        assert await asyncio.to_thread(run, read_settings(box.environment), folder, None) == 2
        assert "is not empty: name another folder" in capsys.readouterr().err
        box.tenant.entries.clear()
        nobody = await record(read_settings(box.environment), tmp_path / "empty")
        assert "name a mailbox after the folder" in told(nobody, tmp_path / "empty")


async def test_a_recording_is_replayed_and_what_is_not_in_it_is_the_sandboxs_own(tmp_path: Path) -> None:
    async with recorded(tmp_path) as (box, folder, _), reading(box) as (_, _, ports):
        original = await ports.senders.restricted()
        rules = (await ports.mailbox_evidence.inbox_rules(ANA.upn)).rows
        sign_ins = (await ports.account_evidence.sign_ins(PersonId(ANA.id), SINCE)).rows
    async with (
        Sandbox(data=tmp_path / "other", replay=folder) as other,
        reading(other) as (settings, session, replayed),
    ):
        with pytest.raises(Unavailable):  # a token that nobody issued is worth nothing here either
            await ports_over(session, settings, FixedTokens(), FixedTokens()).senders.restricted()
        listing = await replayed.senders.restricted()
        assert [entry.cause for entry in listing.entries] == [entry.cause for entry in original.entries]
        assert [entry.since for entry in listing.entries] == [entry.since for entry in original.entries]
        assert listing.entries[0].address == ANA.upn
        assert listing.entries[1].address not in {persona.upn for persona in PEOPLE.values()}
        again = (await replayed.mailbox_evidence.inbox_rules(ANA.upn)).rows
        assert [rule.deeds for rule in again] == [rule.deeds for rule in rules]
        assert len(again) > 0
        later = await replayed.account_evidence.sign_ins(PersonId(ANA.id), LATER)
        assert [one.at for one in later.rows] == [one.at for one in sign_ins]
        person = await replayed.directory.person(PersonId(ANA.id))
        assert person.upn == ANA.upn
        assert person.name != ANA.name
        assert (await replayed.directory.person(PersonId(PEOPLE["bo"].id))).name == PEOPLE["bo"].name
        assert await replayed.mailbox_evidence.inbox_rules(PEOPLE["bo"].upn) == Excerpt(rows=())


async def test_a_refusal_that_cannot_be_decoded_is_recorded_and_replayed_as_it_is(tmp_path: Path) -> None:
    async with recorded(tmp_path, roleless=True) as (_, folder, made):
        assert made.ended["restricted senders"] == "no permission"
    answer = json.loads(next(folder.glob("*-Get-BlockedSenderAddress.json")).read_text(encoding="utf-8"))
    assert (answer["status"], answer["nul"]) == (403, 4096)
    assert answer["headers"]["X-ExceptionType"] == "CmdletAccessDeniedException"
    async with Sandbox(data=tmp_path / "other", replay=folder) as other, reading(other) as (_, session, replayed):
        with pytest.raises(Unavailable) as refused:
            await replayed.senders.restricted()
        assert refused.value.reason is UnknownReason.NO_PERMISSION
        assert session.answers[-1].raw == b"\0" * 4096


@pytest.mark.parametrize(
    "about",
    [None, "", "[]", "{", '{"format": 2}', '{"format": 1}'],
    ids=["none", "empty", "list", "cut", "newer", "bad"],
)
def test_what_is_no_recording_is_refused_with_a_sentence(tmp_path: Path, about: str | None) -> None:
    if about is not None:
        (tmp_path / "about.json").write_text(about, encoding="utf-8")
        (tmp_path / "001-x.json").write_text("7", encoding="utf-8")
    with pytest.raises(CannotStartError):
        Sandbox(data=tmp_path / "data", replay=tmp_path)
