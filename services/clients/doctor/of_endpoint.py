"""What is at the public address that the Azure Bot sends messages to, seen from this machine."""

from urllib.parse import urlsplit

import aiohttp

from services.clients.http import proxy_for
from services.domain.doctor.facts import EndpointState


async def endpoint_at(url: str, session: aiohttp.ClientSession) -> EndpointState:
    """Knocks without a token, which Sendwell turns away with an empty 401 before it reads anything.

    What it sees is what this machine sees: a name that only the own network resolves looks well from within it."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path != "/api/messages":
        return EndpointState.NO_ADDRESS
    try:
        async with session.post(url, json={}, proxy=proxy_for(url), allow_redirects=False) as response:
            is_ours = response.status == 401 and not await response.content.read(1)
    except aiohttp.ClientConnectorCertificateError:
        return EndpointState.UNTRUSTED
    except (aiohttp.ClientError, TimeoutError):
        return EndpointState.AWAY
    return EndpointState.THERE if is_ours else EndpointState.OTHER
