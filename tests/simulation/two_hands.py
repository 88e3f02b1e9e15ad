"""The promises about containment and limits: what was confirmed and nothing else, and by two where two are promised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.domain.case.case import Case
from services.domain.containment.containment import Containment, ContainmentStep
from services.domain.containment.transitions import contained_account
from services.domain.limits.change import SOLE_APPROVER_WAITS, LimitChange, Stage
from services.domain.limits.policy_plan import Plan
from services.domain.people import PersonId
from services.domain.restriction import Restriction
from tests.simulation.outside import Outside
from tests.simulation.promises import Kept, Line, later_than


@dataclass(kw_only=True)
class TwoHands:
    """What was confirmed so far: steps and ways back, each with its account, and by case the plan of limits."""

    outside: Outside
    steps: set[tuple[ContainmentStep, PersonId]] = field(default_factory=set)
    back: set[tuple[ContainmentStep, PersonId]] = field(default_factory=set)
    approved: dict[int, LimitChange] = field(default_factory=dict)

    def broken_by(self, kept: Kept) -> Iterator[str]:
        """What a change does not keep. What it confirms is noted."""
        was, now = kept.before, kept.after
        if now.containment is not None:
            former = was.containment if was else None
            yield from self._confirmed(now, former, now.containment)
            yield from self._wanted_back(kept.lines, now, former, now.containment)
        if now.limit_change is not None:
            yield from self._limits(now, was.limit_change if was else None, now.limit_change)

    def _confirmed(self, case: Case, former: Containment | None, now: Containment) -> Iterator[str]:
        if now.confirmed is None or (former is not None and former.confirmed == now.confirmed):
            return
        account = contained_account(case).person
        self.steps |= {(step, account) for step in now.steps}
        admin_since = self.outside.containing.admin_since.get(account)
        two = now.privileged or (admin_since is not None and admin_since < now.requested.at)
        if two and now.confirmed.by == now.requested.by:
            yield "an admin's account is contained on one word"

    def _wanted_back(
        self, lines: Sequence[Line], case: Case, former: Containment | None, now: Containment
    ) -> Iterator[str]:
        for step in set(now.putting_back) - set(former.putting_back if former else ()):
            self.back.add((step, contained_account(case).person))
            result = now.result_of(step)
            wanted = [one for one in lines if one.verb == "put_back" and one.facts.get("step") == step]
            if result and result.by_two and len({one.who for one in wanted if one.actor == "responder"}) < 2:
                yield "what took two responders is given back by one"

    def _limits(self, case: Case, was: LimitChange | None, now: LimitChange) -> Iterator[str]:
        if now.stage is not Stage.APPROVED or (was is not None and was.stage is Stage.APPROVED):
            return
        self.approved[case.number] = now
        if now.requested is None or now.approved is None:
            yield "limits that nobody wanted"
        elif now.requested.by == now.approved.by and now.approved.at - now.requested.at < SOLE_APPROVER_WAITS:
            yield "one approver alone gave other limits"
        if case.episode.looked_stolen:
            yield "other limits for an account that looks stolen"

    def taken(self, step: ContainmentStep, person: PersonId) -> Iterator[str]:
        """What it does not keep that a step is taken at this moment."""
        if (step, person) not in self.steps:
            yield f"a step that nobody confirmed: {step}"

    def given_back(self, step: ContainmentStep, person: PersonId) -> Iterator[str]:
        """What it does not keep that a step is put back at this moment."""
        if (step, person) not in self.back:
            yield f"given back, and nobody wanted it: {step}"

    def applied(self, plan: Plan, number: int, listed: Sequence[Restriction]) -> Iterator[str]:
        """What it does not keep that a plan is carried out at this moment, while the list shows this of the mailbox."""
        change = self.approved.get(number)
        if change is None or change.plan != plan:
            yield "a policy is changed, and nobody approved that plan"
        elif change.approved_on is not None:
            known = {one.address for one in change.approved_on.entries}
            for entry in listed:
                if worse := later_than(entry, change.approved_on):
                    yield f"limits on an old approval: {worse}"
                elif entry.address.casefold() not in known:
                    yield "limits on an old approval: another entry"
