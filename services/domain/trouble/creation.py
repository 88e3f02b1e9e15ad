"""How the case of a trouble begins: somebody tells the admins."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import UNNUMBERED, Case
from services.domain.case.entries import facts_of
from services.domain.case.parts import Contact, Request, Sender
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry, TaskKind, Transition
from services.domain.case.workflow import Actor, Verb
from services.domain.people import Person, TeamsUser
from services.domain.trouble.trouble import Report, Trouble, TroubleKind, key_of


def created_trouble(
    by: TeamsUser,
    person: Person,
    kind: TroubleKind,
    report: tuple[str, str],
    now: datetime,
    *,
    checked_at: datetime | None,
    sole_approver: bool = False,
) -> Transition:
    """The transition for a new trouble. `report`: the code of the bounce and the name of its cause.

    A bounce that speaks of a restriction waits for the lag of the list first; everything else is with the admins at
    once."""
    lags = kind is TroubleKind.STILL_BOUNCING
    code, cause = report
    case = Case(
        number=UNNUMBERED,
        status=Status.LAGGING if lags else Status.REPORTED,
        sender=Sender(
            person=by.id,
            name=person.name or by.name,
            upn=person.upn,
            addresses=person.addresses,
            trouble_key=key_of(kind, by.id),
        ),
        contact=Contact(person_spoke_at=now),
        bounce_code=code or None,
        trouble=Trouble(
            kind=kind,
            reports=(Report(person=by.id, name=by.name, at=now, code=code, cause=cause),),
            checked_at=checked_at,
            moved_at=now,
        ),
        request=Request(sole_approver=sole_approver),
        opened_at=now,
    )
    effects = {TaskKind.UPDATE_PERSON_CARD}
    if not lags:
        case = replace(case, request=replace(case.request, sent_at=now))
        effects |= {TaskKind.UPDATE_APPROVERS_CARD}
    verb = Verb.OPEN if lags else Verb.SEND
    event = HistoryEntry(at=now, actor=Actor.PERSON, verb=verb, who=by.id, name=case.sender.name, facts=facts_of(case))
    return Transition(case=case, event=event, effects=frozenset(effects))
