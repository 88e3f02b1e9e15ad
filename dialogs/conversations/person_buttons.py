"""What a button on the person's card means, with the proofs it asks for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from cards.person.person_card import read_reply
from cards.person.securing import read_mailing, read_note
from dialogs.casework.lookups import Lookups, or_unknown
from dialogs.casework.traced_mail import TracedMail
from dialogs.conversations.inbound import Clicked
from services.domain.case.case import Case
from services.domain.case.commands.command import PersonCommand
from services.domain.case.commands.person import (
    Replied,
    RequestSent,
    SaidBouncing,
    SaidWorks,
    Secured,
    StepsWanted,
    Withdrew,
)
from services.domain.case.transition import Refusal, Refused
from services.domain.delivery.traced import ReturnedMail
from services.domain.proofs.securing import Mailing, Says, SentMailing
from services.domain.unknown import Unknown
from services.ports.microsoft365 import Approvers

CHECK_WITHIN = timedelta(seconds=6)
"""How long a click may wait for the directory: Teams gives up on an invoke after about ten seconds."""


class PersonButtons:
    """Buttons into commands. Whatever can be verified is verified at the click."""

    def __init__(self, *, lookups: Lookups, approvers: Approvers, traced: TracedMail) -> None:
        self._lookups = lookups
        self._approvers = approvers
        self._traced = traced
        self._makers: dict[str, Callable[[Case, Clicked], Awaitable[PersonCommand]]] = {
            "password_done": self._password,
            "password_cannot": self._password,
            "mfa_done": self._mfa,
            "mfa_cannot": self._mfa,
            "mailing_yes": self._mailing,
            "mailing_no": self._mailing,
            "mailing_unsure": self._mailing,
            "send": self._send,
            "tell": self._send,
            "reply": self._reply,
            "withdraw": self._plain,
            "works": self._plain,
            "steps": self._plain,
            "bouncing": self._plain,
        }

    @property
    def verbs(self) -> frozenset[str]:
        """The verbs of the person's buttons."""
        return frozenset(self._makers)

    async def command_of(self, case: Case, clicked: Clicked) -> PersonCommand:
        """The command a click stands for.

        Raises:
            Refused: the button is unknown, or its form is incomplete.
        """
        make = self._makers.get(clicked.verb)
        if make is None:
            raise Refused(Refusal.NOT_UNDERSTOOD)
        return await make(case, clicked)

    async def returned(self, case: Case, within: timedelta) -> ReturnedMail | Unknown:
        """The person's own messages that came back: no command, since nothing of it is kept."""
        return await self._traced.returned(case, within)

    async def _password(self, case: Case, clicked: Clicked) -> PersonCommand:
        says = Says.DONE if clicked.verb == "password_done" else Says.CANNOT
        return Secured(password=await self._lookups.password(case, says, CHECK_WITHIN))

    async def _mfa(self, case: Case, clicked: Clicked) -> PersonCommand:
        says = Says.DONE if clicked.verb == "mfa_done" else Says.CANNOT
        return Secured(mfa=await self._lookups.mfa(case, says, CHECK_WITHIN))

    async def _mailing(self, _case: Case, clicked: Clicked) -> PersonCommand:
        if clicked.verb == "mailing_yes":
            return Secured(mailing=read_mailing(clicked.inputs))
        return Secured(mailing=Mailing(sent=_MAILINGS[clicked.verb]))

    async def _send(self, case: Case, clicked: Clicked) -> PersonCommand:
        note = read_note(clicked.inputs) if clicked.verb == "send" else ""
        async with asyncio.TaskGroup() as group:
            nobody_else = group.create_task(self._nobody_else(case))
            others = group.create_task(self._lookups.others(case, CHECK_WITHIN))
        return RequestSent(note=note, sole_approver=nobody_else.result(), other_senders=others.result())

    async def _nobody_else(self, case: Case) -> bool:
        """Only where the directory says so: where it cannot say, the approvers will find out by themselves."""
        return await or_unknown(self._approvers.anybody_but(case.sender.person), CHECK_WITHIN) is False

    async def _reply(self, _case: Case, clicked: Clicked) -> PersonCommand:
        return Replied(text=read_reply(clicked.inputs))

    async def _plain(self, _case: Case, clicked: Clicked) -> PersonCommand:
        return _PLAIN[clicked.verb]


def command_of_joined(clicked: Clicked) -> PersonCommand:
    """What a click stands for of somebody who asked after others. Raises `Refused` for what is not theirs to do."""
    if clicked.verb == "withdraw":
        return Withdrew(by=clicked.by)
    if clicked.verb == "reply":
        return Replied(by=clicked.by, text=read_reply(clicked.inputs))
    if clicked.verb in ("works", "bouncing"):
        return SaidWorks(by=clicked.by) if clicked.verb == "works" else SaidBouncing(by=clicked.by)
    raise Refused(Refusal.NOT_NOW)


_MAILINGS = {"mailing_no": SentMailing.NO, "mailing_unsure": SentMailing.UNSURE}
_PLAIN: dict[str, PersonCommand] = {
    "withdraw": Withdrew(),
    "steps": StepsWanted(),
    "works": SaidWorks(),
    "bouncing": SaidBouncing(),
}
