"""Inbound connectors: restricted and released like senders, but nobody's own."""

from datetime import datetime

from services.domain.case.case import Case, Status
from services.domain.case.parts import Contact, Sender
from services.domain.people import PersonId
from services.domain.restriction import Restriction


def person_of_connector(connector: str) -> PersonId:
    """What stands in a person's place: one open case a connector. No Entra object id looks like it."""
    return PersonId(f"connector {connector.casefold()}")


def new_connector_case(connector: str, restriction: Restriction, now: datetime) -> Case:
    """A case about a restricted connector, before anybody asked for its release."""
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
