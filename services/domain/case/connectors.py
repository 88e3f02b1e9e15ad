"""Cases about inbound connectors: restricted and unblocked like senders, but without a person."""

from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.parts import Contact, Sender
from services.domain.case.status import Status
from services.domain.people import PersonId
from services.domain.restriction import Restriction


def person_of_connector(connector: str) -> PersonId:
    """The id that stands for the person of a connector's case, so that each connector has one open case at most. It
    cannot be confused with an Entra object id."""
    return PersonId(f"connector {connector.casefold()}")


def new_connector_case(connector: str, restriction: Restriction, now: datetime) -> Case:
    """A case about a restricted connector, before anybody requested its unblock."""
    return Case(
        sender=Sender(
            person=person_of_connector(connector),
            name=connector,
            upn=connector,
            addresses=(connector,),
            connector_id=connector,
        ),
        status=Status.SECURING,
        restriction=restriction,
        opened_at=now,
        contact=Contact(person_spoke_at=now),
    )
