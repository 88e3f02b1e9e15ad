"""Containing an account that may be in a thief's hands: the steps, and the result of each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.domain.case.facts import Facts, Worse
from services.domain.containment.after_steps import AfterSteps
from services.domain.people import Account, PersonId, SignOff


class ContainmentStep(StrEnum):
    """One thing that can be done to an account."""

    REVOKE_SESSIONS = "revoke_sessions"
    NEW_PASSWORD = "new_password"
    RULES_OFF = "rules_off"
    FORWARDING_OFF = "forwarding_off"
    DISABLE = "disable_account"


IN_ORDER = (
    ContainmentStep.DISABLE,
    ContainmentStep.NEW_PASSWORD,
    ContainmentStep.REVOKE_SESSIONS,
    ContainmentStep.RULES_OFF,
    ContainmentStep.FORWARDING_OFF,
)
"""The order in which steps are taken: what shuts somebody out first, and sessions are revoked once the old password is
worth nothing, or whoever knows it would begin a new one in between."""


class StepOutcome(StrEnum):
    """How a step ended. `ON_PREMISES`: it was not tried, since it can only be done in the local directory. `UNCLEAR`:
    it was tried until we gave up, and nobody said whether it was done."""

    DONE = "done"
    ALREADY_SO = "already_so"
    FAILED = "failed"
    ON_PREMISES = "on_premises"
    UNCLEAR = "unclear"


HAS_FAILED = frozenset({StepOutcome.FAILED, StepOutcome.UNCLEAR})
_IS_SO = frozenset({StepOutcome.DONE, StepOutcome.ALREADY_SO})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """How one step ended; `error` is the text of the service that refused it.

    `was` holds what is needed to put the step back, and is empty if there is nothing to put back: the ids of the rules
    that were switched off; the forwarding's SMTP address, its address-book entry and whether a copy stayed (`true`,
    `false`); or that the account was `enabled`. A step that failed half-way has it as well."""

    step: ContainmentStep
    outcome: StepOutcome
    error: str = ""
    was: tuple[str, ...] = ()
    at: datetime | None = None
    """When it ended; `None` until it is kept on a case."""
    by_two: bool = False
    """It took two responders, and so does putting it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRule:
    """An inbox rule that is to be switched off: its id in Exchange, and its name for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedItem:
    """Something that stood in the way of "contained", and who answers for it, with a reason. `item`: its id."""

    item: str
    signed: SignOff


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBack:
    """The first of two responders wants a step put back."""

    step: ContainmentStep
    wanted: SignOff
    plan: int = 0
    on: Facts | None = None
    """The list of steps and the facts that it was wanted on: it speaks of no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    """The steps that responders chose for an account, in order, and their results.

    `begun` holds the state before each step, saved before the step is taken, so that it is known even if the response
    is lost. A `privileged` account needs a second responder to confirm; `unsure`: its roles could not be read."""

    requested: SignOff
    account: Account | None = None
    """Whose account it is; `None`: that of who asked."""
    number: int = 1
    """Counts the lists of a case, so that a confirmation names the one that was shown."""
    steps: tuple[ContainmentStep, ...]
    rules: tuple[NamedRule, ...] = ()
    forwards_to: str = ""
    privileged: bool = False
    unsure: bool = False
    confirmed: SignOff | None = None
    confirmed_before: SignOff | None = None
    """Who said yes to the steps that were taken, while another list waits for its yes."""
    trying_since: datetime | None = None
    """Since when the present step is tried."""
    begun: tuple[StepResult, ...] = ()
    results: tuple[StepResult, ...] = ()
    former: tuple[StepResult, ...] = ()
    """What earlier lists changed by steps that are taken again: it is still to be put back."""
    rules_known: tuple[str, ...] | None = None
    """The ids of the inbox rules that were known at the first list."""
    wanted_back: tuple[WantedBack, ...] = ()
    putting_back: tuple[ContainmentStep, ...] = ()
    put_back: tuple[StepResult, ...] = ()
    put_back_on: Facts | None = None
    """What the last wish to put something back was made on."""
    put_back_by: frozenset[PersonId] = frozenset()
    """Who wanted back what is about to be put back: they must still be responders then."""
    not_put_back: tuple[Worse, ...] = ()
    """In what the facts got worse since such a wish, so that it was not carried out."""
    after: AfterSteps | None = None
    """What was read after the steps; `None` until it was."""
    signed: tuple[SignedItem, ...] = ()
    made_by: frozenset[PersonId] = frozenset()
    """Everybody who requested, confirmed or answered for anything of it, whatever was listed since."""

    @property
    def responders(self) -> frozenset[PersonId]:
        """Who requested the steps, and who confirmed them."""
        return frozenset(one.by for one in (self.requested, self.confirmed) if one)

    @property
    def next_step(self) -> ContainmentStep | None:
        """The next step to be taken; `None` before the confirmation and after the last step."""
        if self.confirmed is None:
            return None
        done = {result.step for result in self.results}
        return next((step for step in self.steps if step not in done), None)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a yes, or steps are being taken. While something is put back another list may begin."""
        return self.next_step is not None or (self.confirmed is None and bool(self.steps))

    @property
    def gives_back(self) -> bool:
        """Whether a step is to be put back, and none to be taken first."""
        return bool(self.putting_back) and self.next_step is None

    @property
    def is_under_way(self) -> bool:
        """Whether a step is still to be taken or put back."""
        return self.next_step is not None or bool(self.putting_back)

    def result_of(self, step: ContainmentStep) -> StepResult | None:
        return next((result for result in self.results if result.step is step), None)

    def first_to_want_back(self, step: ContainmentStep) -> WantedBack | None:
        """The first of two words for putting the step back; `None` if nobody gave one."""
        return next((one for one in self.wanted_back if one.step is step), None)

    def undone(self, step: ContainmentStep) -> StepResult | None:
        """The result of putting a step back; `None` if that was not tried."""
        return next((result for result in self.put_back if result.step is step), None)

    @property
    def can_be_put_back(self) -> tuple[ContainmentStep, ...]:
        """The steps that changed something and are neither put back nor about to be."""
        return tuple(
            result.step
            for result in self.results
            if result.was and result.step not in self.putting_back and not _is_back(self.undone(result.step))
        )

    def holds(self, step: ContainmentStep) -> bool:
        """Whether the step was taken, or not needed, and is not put back."""
        result = self.result_of(step)
        return result is not None and result.outcome in _IS_SO and not _is_back(self.undone(step))

    @property
    def ended_at(self) -> datetime | None:
        """When the last step was taken or put back; `None` before the first one."""
        times = [result.at for result in (*self.results, *self.put_back) if result.at]
        said_yes = self.confirmed or self.confirmed_before
        # Results that were kept before they had a time are as old as their yes, or older than we can say.
        return max(times, default=said_yes.at if said_yes and self.results else None)

    @property
    def steps_ended_at(self) -> datetime | None:
        """When the last step was taken, whatever was put back since; `None` before the first one."""
        return max((result.at for result in self.results if result.at), default=None)

    @property
    def hands(self) -> frozenset[PersonId]:
        """Everybody who wanted, confirmed or signed off anything of it."""
        marks = (self.requested, self.confirmed, self.confirmed_before, *(one.signed for one in self.signed))
        return frozenset(mark.by for mark in marks if mark)

    def taking_again(self) -> "Containment":
        """The containment whose list begins now: the results of the same steps of earlier lists are put aside, and what
        they changed is kept."""
        again = [result for result in self.results if result.step in self.steps]
        kept = [self._kept(result) for result in again]
        return replace(
            self,
            begun=(),
            results=tuple(result for result in self.results if result.step not in self.steps),
            former=(*(one for one in self.former if one.step not in self.steps), *(one for one in kept if one.was)),
            put_back=tuple(back for back in self.put_back if back.step not in self.steps),
        )

    def _kept(self, result: StepResult) -> StepResult:
        """A result that has what is to be put back, also of those before it; nothing if it is back already."""
        return replace(result, was=()) if _is_back(self.undone(result.step)) else result

    def with_result(self, result: StepResult, at: datetime) -> "Containment":
        """The containment with one more result.

        A step that is repeated because its first response was lost finds everything done already; the state saved
        before the first try is the right one then. One that was refused changed only what the service names."""
        before = next((found.was for found in self.begun if found.step is result.step), ())
        earlier = next((one for one in self.former if one.step is result.step), None)
        was = result.was or (() if result.outcome is StepOutcome.FAILED else before)
        kept = replace(
            result,
            at=at,
            was=_joined(result.step, earlier.was if earlier else (), was),
            by_two=(self.privileged or (earlier is not None and earlier.by_two)),
        )
        former = tuple(one for one in self.former if one is not earlier)
        # What was read before is of before this step.
        return replace(self, results=(*self.results, kept), former=former, trying_since=at, after=None)


def _joined(step: ContainmentStep, first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be put back after a step was taken twice: every rule, and else what stood there first. What stood
    there the second time was somebody else's, set after we had switched it off."""
    return tuple(dict.fromkeys((*first, *then))) if step is ContainmentStep.RULES_OFF else first or then


def in_order(steps: Iterable[ContainmentStep]) -> tuple[ContainmentStep, ...]:
    """The steps in the order in which they are taken."""
    wanted = frozenset(steps)
    return tuple(step for step in IN_ORDER if step in wanted)


def _is_back(result: StepResult | None) -> bool:
    return result is not None and result.outcome in _IS_SO
