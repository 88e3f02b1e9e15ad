"""What is said and done on the card of an ended case is known to the mailbox's newest case too."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.case.commands.clock import PassedOn
from services.domain.case.intended import StoppedRelease
from services.domain.case.status import Status
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, CaseAndEffects, Refusal, Refused

_RELEASED = (Status.UNBLOCKED, Status.OFF_LIST, Status.NEEDS_TICKET, Status.WITH_MICROSOFT)
"""Open, and out of the approvers' hands: it is marked as stopped, so that the person's word does not close it."""


def passed_on(case: Case, command: PassedOn) -> CaseAndEffects:
    """The newer case with it. Raises `Refused` if it knows all of it."""
    episode, stop = case.episode, command.stopped
    is_news = stop is not None and stop not in episode.denials
    if is_news and stop is not None:
        episode = episode.stopped(stop, released=True)
    episode = replace(episode, made_way=episode.made_way | command.made_way)
    if episode == case.episode:
        raise Refused(Refusal.ALREADY_TOLD)
    if is_news and stop is not None and case.stopped is None and case.status in _RELEASED:
        case = replace(case, stopped=StoppedRelease(stopped=stop))
    tells = is_news and not case.status.is_ended
    return replace(case, episode=episode), TELL_APPROVERS if tells else NO_MESSAGE
