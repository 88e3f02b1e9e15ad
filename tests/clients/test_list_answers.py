"""Nobody is ever "not restricted" by mistake: the sandbox's list with its odd answers, asked by the real client."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.list_answers import DATES, LIES, LIES_OF_ONE
from sandbox.people import PEOPLE, TENANT
from sandbox.tenant import Tenant
from services.clients.clock import SystemClock
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.http import ApiClient
from services.domain.restriction import Cause, Restriction, find
from services.domain.unknown import Unknown
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalDone
from tests.clients.test_list_dates import SAY_NOTHING
from tests.clients.test_outbound_policies import SandboxTokens

ANA = PEOPLE["ana"]
ALIAS = ANA.aliases[0]
ADDRESSES = (ANA.upn, *ANA.aliases)
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A sample tenant, and a client for its restricted list."""

    tenant: Tenant
    senders: ExchangeOnline

    async def looked_up(self) -> Restriction | Unknown | None:
        """As the bot looks: in the whole list, and where that is not all of it, for her addresses alone."""
        found = find(await self.senders.restricted(), ADDRESSES)
        if isinstance(found, Unknown):
            try:
                found = find(await self.senders.restricted_among(ADDRESSES), ADDRESSES)
            except Unavailable as trouble:
                return Unknown(reason=trouble.reason)
        return found


@pytest_asyncio.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Asked]:
    async with Sandbox(data=tmp_path) as box:
        context = ssl.create_default_context(cafile=box.environment["SENDWELL_CA_FILE"])
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
            api = ApiClient(
                session=session,
                base_url=box.environment["SENDWELL_EXCHANGE_URL"],
                tokens=SandboxTokens(session, box.environment["SENDWELL_LOGIN_URL"]),
                timeout=timedelta(seconds=30),
            )
            yield Asked(tenant=box.tenant, senders=ExchangeOnline(InvokeCommand(api, TENANT), SystemClock()))


async def test_the_start_is_read_in_every_form_of_a_date_or_is_not_known(asked: Asked) -> None:
    asked.tenant.restrict("ana", since=BEGAN, changed=BEGAN + timedelta(hours=2))
    for form in DATES:
        asked.tenant.list_dates = form
        (entry,) = (await asked.senders.restricted()).entries
        dates = (None, None) if form in SAY_NOTHING else (BEGAN, BEGAN + timedelta(hours=2))
        assert (entry.since, entry.changed) == dates, form
        unread = [field.partition(":")[0] for field in entry.other_fields]
        assert ("CreatedDatetime" in unread) == (form in SAY_NOTHING - {"nothing"}), form
        assert "ObjectState" in unread


@pytest.mark.parametrize("lie", [*LIES, *LIES_OF_ONE])
async def test_who_is_listed_is_found_or_it_could_not_be_checked(asked: Asked, lie: str) -> None:
    asked.tenant.restrict("dan")
    asked.tenant.restrict("ana")
    asked.tenant.truncated, asked.tenant.list_lies = True, lie
    found = await asked.looked_up()
    assert found is not None
    assert isinstance(found, Unknown) or found.address == ANA.upn


@pytest.mark.parametrize("unlisted", ["empty", "404", "400"])
async def test_who_is_not_listed_is_not_listed_however_that_is_said(asked: Asked, unlisted: str) -> None:
    asked.tenant.truncated, asked.tenant.unlisted = True, unlisted
    asked.tenant.restrict("dan")
    assert await asked.looked_up() is None
    asked.tenant.restrict("ana", address=ALIAS)
    found = await asked.looked_up()
    assert isinstance(found, Restriction)
    assert found.address == ALIAS
    assert await asked.senders.unblock(ANA.upn, "") == RemovalDone()
    assert await asked.senders.unblock(ALIAS, "") == RemovalDone()


async def test_two_entries_of_one_person_keep_their_own_reasons_and_the_same_row_twice_counts_once(
    asked: Asked,
) -> None:
    asked.tenant.restrict("ana", "spam")
    asked.tenant.restrict("ana", "limit", address=ALIAS, beside=True)
    asked.tenant.restrict("ana", "rate", beside=True)
    asked.tenant.list_lies = "doubled"
    for listing in (await asked.senders.restricted(), await asked.senders.restricted_among(ADDRESSES)):
        assert {(entry.address, entry.cause) for entry in listing.entries} == {
            (ANA.upn, Cause.SPAM),
            (ANA.upn, Cause.SERVICE_RATE),
            (ALIAS, Cause.POLICY_LIMIT),
        }
        assert len(listing.entries) == 3
