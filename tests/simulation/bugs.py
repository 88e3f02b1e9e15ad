"""The bugs that are planted; `docs/reliability.md` says how many seeds find each."""

from dataclasses import dataclass

_CASE, _JOBS, _STORE = "services/domain/case", "dialogs/jobs", "services/clients/store"
_CONTAINMENT, _LIMITS = "services/domain/containment", "services/domain/limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place in a file, and what stands there instead."""

    file: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """A slip of ours. `shows_in`: the themes of the weeks that are looked at first."""

    name: str
    changes: tuple[Change, ...]
    shows_in: tuple[str, ...] = ()


def _bug(name: str, file: str, was: str, becomes: str, *shows_in: str) -> Bug:
    return Bug(name=name, changes=(Change(file=file, was=was, becomes=becomes),), shows_in=shows_in)


BUGS = (
    _bug(
        "an approval is not compared with the facts that its card showed",
        f"{_CASE}/transitions/by_approver.py",
        "    if worse := what_is_worse(shown, facts):",
        "    if worse := ():",
        "news",
    ),
    _bug(
        "trying again is no approval of its own",
        f"{_CASE}/transitions/by_approver.py",
        "decision=decision, episode=",
        "decision=case.decision or decision, episode=",
        "alone_again",
        "failed",
    ),
    _bug(
        "the second approver is not asked",
        f"{_CASE}/transitions/by_approver.py",
        "    two = case.needs_another(command.by.id) or is_not_enough_alone(case, command.by.id)",
        "    two = False",
        "tidied",
        "one_hand",
    ),
    _bug(
        "a first approval outlives the facts it was made on",
        f"{_CASE}/transitions/by_approver.py",
        "    if command.first_stands and not worse:",
        "    if command.first_stands:",
        "incident",
    ),
    _bug(
        "one read without an entry is believed",
        f"{_CASE}/transitions/by_clock.py",
        "    if case.list_reads.absent_at is None:\n"
        "        return replace(case, list_reads=replace(case.list_reads, absent_at=read_at)), NO_MESSAGE\n"
        "    if read_at - case.list_reads.absent_at < timing.reads_apart:",
        "    if case.list_reads.off_list_at is not None:",
        "own_case",
        "lapsed",
    ),
    _bug(
        "Remove is called before the intent is committed",
        f"{_JOBS}/unblock.py",
        "        intended = await self._writer.apply_for_worker(case, UnblockIntended(address=entry.address), task)\n"
        '        removal = await mail.unblock(entry.address, f"Sendwell case {case.number}")\n',
        '        removal = await mail.unblock(entry.address, f"Sendwell case {case.number}")\n'
        "        intended = await self._writer.apply_for_worker(case, UnblockIntended(address=entry.address), task)\n",
        "quiet",
    ),
    _bug(
        "what a decision did not speak of is removed as well",
        f"{_JOBS}/unblock.py",
        "        if worse := worse_than_decided(case, entries, self._clock.now()):",
        "        if worse := ():",
        "held_up",
    ),
    _bug(
        "an approval does not lapse",
        f"{_JOBS}/unblock.py",
        "        if approval_is_over(case, self._clock.now(), self._writer.timing):",
        "        if approval_is_over(case, case.opened_at, self._writer.timing):",
        "held_up",
    ),
    _bug(
        "after a crash Remove is called at once again",
        f"{_CASE}/timers.py",
        "    again_at = max((at for at in waits if at), default=now)",
        "    again_at = case.unblock.waits_until or now",
        "held_up",
        "lapsed",
    ),
    _bug(
        "the alarms of a case are forgotten in the next one",
        f"{_CASE}/episode.py",
        "    return replace(previous, absent_at=None)\n",
        "    return replace(previous, absent_at=None, alarms=())\n",
        "tidied",
        "once_more",
    ),
    _bug(
        "a later read overwrites the baseline",
        f"{_CASE}/episode.py",
        " if value == unread or isinstance(value, Unknown)}",
        "}",
        "one_hand",
        "tidied",
    ),
    _bug(
        "signing alarms off lowers the number of approvers",
        f"{_CASE}/case.py",
        "        return self.looks_stolen and not (self.is_contained and not self._is_known_anew)",
        "        return bool(self.looks_stolen and self.open_alarms)",
        "alone_again",
    ),
    _bug(
        "what looked stolen looks so no more when it was tidied up",
        f"{_CASE}/following.py",
        "looked_stolen=known.looked_stolen or case.looks_stolen",
        "looked_stolen=False",
        "tidied",
        "one_hand",
    ),
    _bug(
        "a denial is forgotten in the next case",
        f"{_CASE}/following.py",
        "    return (*known, SignOff(",
        "    return (*known[:0], SignOff(",
        "denied",
    ),
    _bug(
        "a stop only leaves a mark",
        f"{_CASE}/transitions/stop.py",
        "    if not undecided:\n        return case, TELL_APPROVERS",
        "    if case.status is not Status.DENIED:\n        return case, TELL_APPROVERS",
        "lapsed",
        "incident",
    ),
    _bug(
        "somebody decides about a mailbox that they asked for",
        f"{_CASE}/involved.py",
        "    asked = by in {case.sender.person, *(one.by for one in case.request.also_asked)}",
        "    asked = by == case.sender.upn",
        "own_case",
    ),
    _bug(
        "who asks as well is not noted",
        f"{_CASE}/transitions/by_person.py",
        "also_asked=(*others, asked)",
        "also_asked=others",
        "at_once",
    ),
    _bug(
        "a save does not look at the version",
        f"{_STORE}/case_writes.py",
        'cases.c.version == bindparam("that_version")',
        'or_(cases.c.version == bindparam("that_version"), cases.c.number > 0)',
        "at_once",
    ),
    _bug(
        "an activity that comes again is acted on again",
        f"{_STORE}/case_writes.py",
        "        raise DuplicateActivity from None\n",
        "        return\n",
        "at_once",
    ),
    _bug(
        "timers are not written again",
        f"{_STORE}/case_writes.py",
        "for kind, due in sorted(timers.items())]",
        "for kind, due in sorted(timers.items()) if version == 1]",
        "quiet",
    ),
    _bug(
        "messages are not written with the change",
        f"{_STORE}/case_writes.py",
        "for kind in sorted(transition.effects)\n",
        "for kind in sorted(transition.effects) if version % 4\n",
        "quiet",
        "relapsed",
        "denied",
    ),
    _bug(
        "a task is completed whoever holds it",
        f"{_STORE}/outbox.py",
        'outbox.c.due == bindparam("due")',
        "outbox.c.due == outbox.c.due",
        "slow_teams",
        "deaths",
    ),
    _bug(
        "a claimed task is not leased",
        f"{_STORE}/outbox.py",
        "            if claimed:\n",
        "            if not claimed:\n",
        "quiet",
    ),
    _bug(
        "a message is not completed",
        f"{_JOBS}/handlers.py",
        "repost_approvers_card(case, notify=True))\n        await self._outbox.complete(task)",
        "repost_approvers_card(case, notify=True))",
        "unnoticed",
    ),
    _bug(
        "a line is said twice",
        f"{_JOBS}/handlers.py",
        "        others = await self._reminders.spoken_for(case, event)\n",
        "        others = await self._reminders.spoken_for(case, event)\n"
        "        await self._in_channel(self._case_cards.notify_approvers(case, event))\n",
        "quiet",
        "relapsed",
        "denied",
    ),
    _bug(
        "a card is not caught up with",
        f"{_JOBS}/handlers.py",
        "            shown = await self._case_cards.catch_up(case, self._case_cards.update_approvers_card)\n",
        "            shown = case\n",
        "slow_teams",
    ),
    _bug(
        "Retry-After is ignored",
        f"{_JOBS}/worker.py",
        "self._postpone(task, trouble.retry_after)",
        "self._postpone(task, None)",
        "slow_teams",
    ),
    _bug(
        "two open cases of one mailbox",
        f"{_STORE}/tables.py",
        "unique=True, sqlite_where=_open",
        "unique=False, sqlite_where=_open",
        "at_once",
    ),
    _bug(
        "a relapse opens no case",
        f"{_CASE}/apply.py",
        "    return created_by_relapse(case, command.entries, now)",
        "    return None",
        "relapsed",
    ),
    _bug(
        "a refused removal is tried again",
        f"{_JOBS}/unblock.py",
        "            return UnblockRefused(error=error)",
        "            return UnblockNotBegun(error=error)",
        "alone_again",
        "failed",
    ),
    _bug(
        "one responder contains an admin's account",
        f"{_CONTAINMENT}/transitions.py",
        "    if containment.privileged and command.by.id == containment.requested.by:",
        "    if command.plan is None:",
        "one_hand",
    ),
    _bug(
        "one responder gives back what took two",
        f"{_CONTAINMENT}/transitions.py",
        "    two = result.by_two or command.privileged or is_not_enough_alone(case, command.by.id)",
        "    two = False",
        "one_hand",
    ),
    _bug(
        "a plan of containment is carried out before it is confirmed",
        f"{_CONTAINMENT}/transitions.py",
        "    return _begun(listed, wanted) if command.at_once and not listed.privileged else listed",
        "    return _begun(listed, wanted)",
        "one_hand",
    ),
    _bug(
        "one approver alone gives other limits",
        f"{_LIMITS}/transitions.py",
        "    if change.requested.by == command.by.id:\n",
        "    if command.plan is None:\n",
        "other_limits",
    ),
    _bug(
        "limits are changed on an old approval",
        f"{_JOBS}/limits.py",
        "            if worse := await self._worse(case, change) or ",
        "            if worse := () or ",
        "other_limits",
    ),
    _bug(
        "an account that looked stolen gets other limits",
        f"{_LIMITS}/transitions.py",
        "    return case.judgement.verdict is Verdict.HONEST and not case.sender.connector_id",
        "    return not case.sender.connector_id",
        "other_limits",
    ),
    _bug(
        "an approval that waits for the list is forgotten",
        f"{_CASE}/timers.py",
        "        **({TaskKind.DECIDE: decide} if decide else {}),\n",
        "",
        "waits_for_list",
    ),
    _bug(
        "a containment that was confirmed goes nowhere",
        f"{_CASE}/timers.py",
        "        **({TaskKind.CONTAIN: contain} if contain else {}),\n",
        "",
        "one_hand",
    ),
    _bug(
        "nobody is told of a removal that waits",
        f"{_JOBS}/handlers.py",
        "            await self._stalls.failed(case, task, trouble)\n",
        "",
        "held_up",
        "lapsed",
    ),
)
