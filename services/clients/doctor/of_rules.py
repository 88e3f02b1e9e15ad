"""What only the organisation knows of its file of rules: whether those whom it names are there."""

from datetime import datetime
from urllib.parse import quote

from services.clients.doctor.within import Limited
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.others_mentioned import OthersMentioned
from services.domain.doctor.facts import RulesFacts
from services.domain.rules.rules import NO_RULES, Escalation, Rules
from services.domain.unknown import Unknown
from services.ports.clock import Clock
from services.ports.errors import NotFound


class RulesLook:
    """Reads, and mentions nobody."""

    def __init__(self, graph: GraphDirectory, rules: Rules, clock: Clock, limited: Limited) -> None:
        self._graph, self._rules, self._clock, self._limited = graph, rules, clock, limited

    async def look(self, now: datetime) -> RulesFacts | None:
        rules = self._rules
        if rules == NO_RULES:
            return None
        over = False
        if rules.hours and rules.hours.holidays:
            over = max(rules.hours.holidays) < now.astimezone(rules.hours.zone).date()
        if rules.escalation is None:
            return RulesFacts(holidays_over=over)
        strangers = await self._limited(self._strangers(rules.escalation))
        others = await self._limited(
            OthersMentioned(self._graph, rules.escalation, self._clock).of_approvers(frozenset())
        )
        unread = next((one for one in (strangers, others) if isinstance(one, Unknown)), None)
        return RulesFacts(
            others=unread or (0 if isinstance(others, Unknown) else len(others)),
            strangers=0 if isinstance(strangers, Unknown) else strangers,
            holidays_over=over,
        )

    async def _strangers(self, escalation: Escalation) -> int:
        found = 0
        for name in escalation.people:
            try:
                await self._graph.get(f"/v1.0/users/{quote(name, safe='@')}?$select=id")
            except NotFound:
                found += 1
        return found
