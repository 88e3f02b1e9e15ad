"""A look-up of names that answers public addresses only: whoever may set a name's address could else have a signed
request sent to a machine in the organisation's own network."""

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver


class PrivateAddressError(OSError):
    """The name stands for nothing but addresses within a private network."""


class PublicOnly(AbstractResolver):
    """What is connected to is what was looked at here: the name is not looked up again in between."""

    def __init__(self, names: AbstractResolver | None = None) -> None:
        self._names = names or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = [one for one in await self._names.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise PrivateAddressError(f"{host} is within a private network")
        return found

    async def close(self) -> None:
        await self._names.close()


def is_public(address: str) -> bool:
    found = _meant(ipaddress.ip_address(address.partition("%")[0]))
    is_strange = found.version == 6 and found not in _GLOBAL_UNICAST
    return found.is_global and not found.is_multicast and not is_strange


def _meant(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Of an address of version 6 that stands for one of version 4 (mapped, 6to4, NAT64) that one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
