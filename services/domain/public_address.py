"""Which IP addresses are on the public Internet, and lead nowhere else."""

import ipaddress
from typing import TypeAlias

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether it is one of everybody's, by what it stands for in the end. Raises `ValueError` if it is no address."""
    found = _meant(ipaddress.ip_address(address.partition("%")[0]))
    is_strange = found.version == 6 and found not in _GLOBAL_UNICAST
    return found.is_global and not found.is_multicast and not is_strange


def _meant(address: _Address) -> _Address:
    """Of an address of version 6 that stands for one of version 4 (mapped, 6to4, NAT64) that one. One of Teredo, which
    is a tunnel into whichever network its client is in, is none that is global."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
