"""The migration to one open case a mailbox, on a database that was filled under the older index."""

import json
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import Connection, text

from services.clients.store.case_schema import write
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import open_database
from services.clients.store.versions import alembic_config
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.person import Withdrew
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.ports.errors import ChangedMeanwhile
from tests.cases import ANA, CASES, NOW, TIMING
from tests.clients.test_migrations import raw
from tests.databases import ON_BOTH, Databases

DAN = PersonId("00000000-0000-4000-8000-000000000004")
SALES, OFFERS = "sales@contoso.example", "Offers@contoso.example"
ID = "5a4d8f2e-0000-4000-8000-0000000005a1"
MAILBOX = SharedMailbox(
    address=SALES,
    name="Sales",
    addresses=(SALES, OFFERS),
    holders=(Holder(person=ANA, name="Ana Soto", upn="ana@contoso.example", right=SendRight.SEND_AS),),
)


def asked_for(address: str, by: PersonId, status: Status = Status.WAITING) -> Case:
    case = CASES[status]
    mailbox = None if status is Status.LOOKING else MAILBOX
    return replace(case, sender=replace(case.sender, person=by, mailbox_address=address, mailbox=mailbox))


STORED = (
    (ANA, SALES, asked_for(SALES, ANA)),
    (DAN, SALES, asked_for(SALES, DAN)),
    (DAN, OFFERS.casefold(), asked_for(OFFERS, DAN)),
    (ANA, "x@contoso.example", asked_for("x@contoso.example", ANA, Status.LOOKING)),
    (DAN, "x@contoso.example", asked_for("x@contoso.example", DAN, Status.LOOKING)),
    (ANA, ANA, CASES[Status.WAITING]),
)


def _fill(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "0005")
    row = text(
        "INSERT INTO cases (version, person, mailbox, status, opened_at, restricted, body) "
        "VALUES (1, :person, :mailbox, :status, :at, :yes, :body)"
    )
    for person, mailbox, case in STORED:
        values = {"person": person, "mailbox": mailbox, "status": case.status, "at": NOW, "yes": True}
        connection.execute(row, {**values, "body": json.dumps(write(case))})


@ON_BOTH
async def test_every_case_goes_on_and_a_mailbox_gets_no_second_open_one(databases: Databases) -> None:
    url = databases.empty()
    async with raw(url) as connection:
        await connection.run_sync(_fill)
    async with open_database(url) as database:
        cases = SqlCaseStore(database)
        for key in (SALES, "sales@Contoso.example"):
            newest = await cases.open_of(ID, key)
            assert newest is not None
            assert newest.number == 3
        own = await cases.open_of(ANA)
        assert own is not None
        assert own.number == 6
        for asker, number in ((ANA, 4), (DAN, 5)):
            looking = await cases.open_of(f"{asker} x@contoso.example")
            assert looking is not None
            assert looking.number == number
        again = replace(asked_for(OFFERS, ANA), number=CaseNumber(0))
        with pytest.raises(ChangedMeanwhile):
            await cases.save(created_by_person(again, NOW), {})
        # The older ones, which the older index allowed beside it, can still change and end.
        for number in (1, 2, 3):
            case = await cases.get(CaseNumber(number))
            assert case is not None
            await cases.save(apply(case, Withdrew(), NOW, TIMING), {})
        assert await cases.open_of(SALES) is None
        await cases.save(created_by_person(again, NOW), {})
