"""The messaging endpoint on a port, with a key server and a bot that records the activities it is given."""

import base64
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.authentication import Authenticator
from bot.connector import ConnectorService
from bot.keys import SigningKeys
from bot.listener import ConnectionLimits, listening
from bot.reading import Read
from bot.web import Apologies, Endpoint, RequestLimits
from services.domain.card import Card
from services.ports.readiness import Complaint
from services.settings import read_settings
from tests.service import Service, says

TENANT = "5a4d8f2e-0000-4000-8000-00000000c0de"
APP = "5a4d8f2e-0000-4000-8000-0000000000b0"
SERVICE_URL = "https://smba.trafficmanager.net/emea/"
ISSUER = "https://api.botframework.com"
CONNECTOR = ConnectorService(scope=f"{ISSUER}/.default")
REFERENCE = "0badc0de"


class Key:
    """A signing key as the key server lists it."""

    def __init__(self, kid: str, endorsements: Any = ("msteams",)) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self.endorsements = endorsements

    def row(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        row = {"kty": "RSA", "use": "sig", "kid": self.kid, "n": _base64(numbers.n), "e": _base64(numbers.e)}
        return row if self.endorsements is None else {**row, "endorsements": list(self.endorsements)}


KEY = Key("good")
"""Made once, since keys are slow to make."""


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**change: Any) -> dict[str, Any]:
    """The claims of a Bot Connector token; `None` leaves a claim out."""
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": APP, "serviceurl": SERVICE_URL, "nbf": now - 60, "exp": now + 3_000, **change}
    return {name: value for name, value in whole.items() if value is not None}


def token(key: Key = KEY, headers: dict[str, Any] | None = None, algorithm: str = "RS256", **change: Any) -> str:
    return jwt.encode(claims(**change), key.private, algorithm=algorithm, headers={"kid": key.kid, **(headers or {})})


def activity(**change: Any) -> dict[str, Any]:
    """A message from Teams; `None` leaves a field out."""
    whole: dict[str, Any] = {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": SERVICE_URL,
        "text": "hello",
        "from": {"id": "29:x", "name": "Ana", "aadObjectId": "5a4d8f2e-0000-4000-8000-000000000001"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        "recipient": {"id": f"28:{APP}"},
        "channelData": {"tenant": {"id": TENANT}},
        **change,
    }
    return {name: value for name, value in whole.items() if value is not None}


@dataclass(kw_only=True)
class Turns:
    """Implements the bot that the endpoint calls."""

    came: list[Read] = field(default_factory=list)
    sorry: list[str] = field(default_factory=list)
    behave: Any = None

    async def turn(self, envelope: dict[str, Any], received: Read) -> Card | None:
        del envelope
        self.came.append(received)
        return await self.behave() if self.behave else {"type": "AdaptiveCard"}

    async def apologise(self, envelope: dict[str, Any], sentence: str) -> None:
        del envelope
        self.sorry.append(sentence)


@dataclass(kw_only=True)
class Doorway:
    """The endpoint with its key server and its bot."""

    url: str
    turns: Turns
    session: aiohttp.ClientSession
    keys: Service
    clock: list[float]
    wall: list[float]
    complaints: list[Complaint]

    def lists(self, *keys: Key) -> None:
        """Sets the keys that the key server lists from now on."""
        listed = {"keys": [key.row() for key in keys]}

        async def serve(request: web.Request) -> web.StreamResponse:
            metadata = {"issuer": ISSUER, "jwks_uri": f"{self.keys.url}/keys"}
            return await says(listed if request.path == "/keys" else metadata)(request)

        self.keys.answers(serve)

    async def post(self, body: Any = None, authorization: str | None = None, kind: str = "application/json") -> Any:
        """Posts an activity; returns the response's status and body."""
        raw = body if isinstance(body, bytes) else json.dumps(activity() if body is None else body).encode()
        headers = {"Content-Type": kind} | ({"Authorization": authorization} if authorization is not None else {})
        async with self.session.post(f"{self.url}/api/messages", data=raw, headers=headers) as response:
            return response.status, await response.read()


@asynccontextmanager
async def doorway(
    more: Mapping[str, str] | None = None,
    limits: RequestLimits | None = None,
    connections: ConnectionLimits | None = None,
    bot: Any = None,
) -> AsyncIterator[Doorway]:
    """An endpoint whose key server lists one key."""
    settings = {
        "MicrosoftAppId": APP,
        "MicrosoftAppTenantId": TENANT,
        "MicrosoftAppPassword": "x",
        "SENDWELL_APPROVERS_GROUP_ID": TENANT,
        **(more or {}),
    }
    clock, wall, turns, complaints = [1_000.0], [time.time()], Turns(), list[Complaint]()

    async def ready() -> list[Complaint]:
        return complaints

    async with Service() as keys, aiohttp.ClientSession() as session:
        signing = SigningKeys(session, f"{keys.url}/metadata", monotonic=lambda: clock[0])
        door = Endpoint(
            authenticator=Authenticator(read_settings(settings), signing, now=lambda: wall[0]),
            bot=bot or turns,
            ready=ready,
            apologies=Apologies(busy=lambda: "busy", broken=lambda reference: f"broken {reference}"),
            reference=lambda: REFERENCE,
            limits=limits or RequestLimits(),
        )
        async with listening(door.application(), "127.0.0.1", 0, connections or ConnectionLimits()) as port:
            url = f"http://127.0.0.1:{port}"
            way = Doorway(
                url=url, turns=turns, session=session, keys=keys, clock=clock, wall=wall, complaints=complaints
            )
            way.lists(KEY)
            yield way
            await signing.close()
