"""Answers of a real tenant, from a recording (`python app.py record`): given to the calls they were recorded of."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from sandbox.checks import CannotStartError
from sandbox.people import DOMAIN, PEOPLE, TENANT

_FORMAT = 1
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_KEPT = ("retry-after", "x-exceptiontype", "content-encoding", "preference-applied", "content-type")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Replay:
    """One recording. Whoever it is about stands here for Ana, and their domain for the sandbox's."""

    def __init__(self, folder: Path) -> None:
        """Raises `CannotStartError` if the folder holds no recording of this format."""
        self._answers: dict[str, list[dict[str, Any]]] = {}
        about = _read(folder / "about.json")
        if about.get("format") != _FORMAT:
            raise CannotStartError(f"{folder} holds no recording of a format known here. See `python app.py record`.")
        ours = _ours(about)
        for path in sorted(folder.glob("[0-9]*.json")):
            text = json.dumps(_read(path))
            for theirs, here in ours:
                text = text.replace(theirs, here)
            answer = json.loads(text)
            self._answers.setdefault(_key(answer), []).append(answer)

    def middleware(self, may_read: Callable[[web.Request], bool]) -> Any:
        """Answers a call that is in the recording, if the caller's token is good; every other goes on as it was."""

        @web.middleware
        async def replayed(request: web.Request, handler: Handler) -> web.StreamResponse:
            call = await _call(request)
            return (self._next(_key(call)) if may_read(request) else None) or await handler(request)

        return replayed

    def _next(self, key: str) -> web.Response | None:
        """The answers of a call in the order they came, the last one again and again; `None` if there are none."""
        answers = self._answers.get(key)
        if not answers:
            return None
        return _response(answers.pop(0) if len(answers) > 1 else answers[0])


def _ours(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of a recording is replaced, and by what, in this order."""
    ours = [(str(about.get("tenant")), TENANT)]
    subject = about.get("subject")
    if isinstance(subject, dict):
        address, owner = str(subject.get("address")), str(subject.get("owner"))
        ours += [(address, PEOPLE["ana"].upn), (address.rpartition("@")[2], DOMAIN), (owner, PEOPLE["ana"].id)]
    return [(theirs, here) for theirs, here in ours if theirs]


async def _call(request: web.Request) -> dict[str, Any]:
    """A request as a recording writes it."""
    given: Any = None
    if request.method == "POST":
        try:
            given = (await request.json()).get("CmdletInput")
        except (ValueError, AttributeError):
            given = None
    given = given if isinstance(given, dict) else {}
    return {
        "method": request.method,
        "path": unquote(request.path),
        "query": dict(request.query),
        "cmdlet": given.get("CmdletName", ""),
        "parameters": given.get("Parameters"),
    }


def _key(call: Mapping[str, Any]) -> str:
    """What two calls have in common that ask the same at different times."""
    parts = [call.get(name) for name in ("method", "path", "query", "cmdlet", "parameters")]
    return _MOMENT.sub("*", json.dumps(parts, sort_keys=True)).casefold()


def _response(answer: Mapping[str, Any]) -> web.Response:
    body = _body(answer)
    headers = {name: str(text) for name, text in answer["headers"].items() if name.casefold() in _KEPT}
    compressed = any(name.casefold() == "content-encoding" for name in headers)
    if compressed and "nul" not in answer and "undecodable" not in answer:
        headers = {name: text for name, text in headers.items() if name.casefold() != "content-encoding"}
    return web.Response(status=int(answer["status"]), body=body, headers=headers)


def _body(answer: Mapping[str, Any]) -> bytes:
    if "nul" in answer:
        return b"\0" * int(answer["nul"])
    if "undecodable" in answer:
        return b"\xff" * int(answer["undecodable"])
    return (str(answer["text"]) if "text" in answer else json.dumps(answer.get("json"))).encode()


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise CannotStartError(f"the recording's {path} cannot be read ({type(trouble).__name__}).") from trouble
    if not isinstance(content, dict):
        raise CannotStartError(f"the recording's {path} is no object.")
    return content
