"""The rules of an organisation. All are optional: without any nothing is counted, mentioned or expected otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeAlias

from services.domain.rules.hours import BusinessHours

Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who is mentioned below a request that nobody has looked at for so long: the members of a group, by its object
    id, and these people, by their user names."""

    after: timedelta
    group: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Where people of the organisation sign in from: countries by their two letters, networks, and apps by their
    application ids, since a name is whatever its publisher chose. It takes the surprise out of a place, and says
    nothing about who was there."""

    countries: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    apps: frozenset[str] = frozenset()
    """In lower case."""

    def covers(self, *, country: str | None, address: str | None, app: str | None) -> bool:
        """Whether a sign-in with these is one of the expected ones: one of the three is enough."""
        return (
            (country or "").upper() in self.countries
            or (app or "").strip().casefold() in self.apps
            or is_in(address, self.networks)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingTool:
    """A program that sends many messages for the organisation, and what its mail is known by. `domains` are of sender
    addresses; `connectors` are inbound connectors as the restricted list names them. All in lower case but the name."""

    name: str
    domains: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    connectors: frozenset[str] = frozenset()

    def sent(self, *, sender: str, address: str | None) -> bool:
        """Whether mail of that sender address, handed in from that IP address, is this program's."""
        return sender.rpartition("@")[2].casefold() in self.domains or is_in(address, self.networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything in the file."""

    hours: BusinessHours | None = None
    escalation: Escalation | None = None
    expected: Expected = Expected()
    mailing_tools: tuple[MailingTool, ...] = ()


NO_RULES = Rules()


def is_in(address: str | None, networks: Iterable[Network]) -> bool:
    """Whether an IP address, as a log writes it, is in one of the networks; what is no address is in none."""
    try:
        found = ip_address((address or "").strip().strip("[]"))
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)
