"""A look-up of names that answers public addresses only: whoever may set a name's address could else have a signed
request sent to a machine in the organisation's own network."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from services.domain.public_address import is_public


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
