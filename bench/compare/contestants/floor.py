"""The floor: aiohttp, one pooled session, the token's signature checked, and nothing else."""

import ssl

import aiohttp
import jwt
from aiohttp import web

from bench.compare.contestants import given

_SESSION = web.AppKey("session", aiohttp.ClientSession)
_TOKEN = given.token()
_KEYS = {kid: jwt.PyJWK(one).key for kid, one in given.keys().items()}


async def _message(request: web.Request) -> web.Response:
    token = request.headers["Authorization"].removeprefix("Bearer ")
    key = _KEYS[jwt.get_unverified_header(token)["kid"]]
    jwt.decode(token, key, algorithms=["RS256"], audience=given.APP_ID)
    said = await request.json()
    url = f"{said['serviceUrl']}v3/conversations/{said['conversation']['id']}/activities/{said['id']}"
    reply = {"type": "message", "text": f"You said: {said['text']}", "replyToId": said["id"]}
    async with request.app[_SESSION].post(url, json=reply, headers={"Authorization": f"Bearer {_TOKEN}"}) as answer:
        await answer.read()
    return web.Response()


async def _ready(app: web.Application) -> None:
    context = ssl.create_default_context(cafile=given.CA_FILE)
    app[_SESSION] = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context))


def main() -> None:
    app = web.Application()
    app.on_startup.append(_ready)
    app.router.add_post("/api/messages", _message)
    web.run_app(app, host="127.0.0.1", port=given.PORT, access_log=None, print=None)


if __name__ == "__main__":
    main()
