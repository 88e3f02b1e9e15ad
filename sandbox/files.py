"""Where Teams keeps what people drop into their chats: a little SharePoint. Its addresses need no login, and expire."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from aiohttp import web

from sandbox import bounces
from sandbox.clock import now
from sandbox.people import PEOPLE

_LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    name: str
    content: bytes
    until: datetime


class Files:
    """One download host for all files."""

    def __init__(self) -> None:
        self.base_url = ""
        self.fetched: list[str] = []
        """The names of the files that were fetched."""
        self.refuses: int | None = None
        """A status with which every file is refused."""
        self._kept: dict[str, _Kept] = {}

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/personal/{key}/_layouts/15/download.aspx", self._download)
        return application

    def attachment(self, key: str, name: str, content: bytes) -> dict[str, object]:
        """Keeps a file and returns what Teams puts into the message."""
        token = secrets.token_urlsafe(24)
        self._kept[token] = _Kept(name=name, content=content, until=now() + _LASTS)
        folder = f"{self.base_url}/personal/{key}"
        return {
            "contentType": "application/vnd.microsoft.teams.file.download.info",
            "contentUrl": f"{folder}/Documents/Microsoft Teams Chat Files/{name}",
            "name": name,
            "content": {
                "downloadUrl": f"{folder}/_layouts/15/download.aspx?UniqueId={token[:8]}&tempauth={token}",
                "uniqueId": token[:8],
                "fileType": name.rpartition(".")[2],
            },
        }

    async def _download(self, request: web.Request) -> web.Response:
        kept = self._kept.get(request.query.get("tempauth", ""))
        if self.refuses is not None:
            return web.Response(status=self.refuses)
        if "Authorization" in request.headers:  # our own token must never come here
            return web.Response(status=400)
        if kept is None or kept.until < now():
            return web.Response(status=401)
        self.fetched.append(kept.name)
        return web.Response(body=kept.content, content_type="application/octet-stream")


def saved_bounce(key: str, kind: str = "5.1.8") -> bytes:
    """A bounce as Outlook saves it, with its delivery report."""
    words = bounces.bounce(key, kind)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Microsoft Outlook <postmaster@contoso.example>"
    mail["To"] = f"{PEOPLE[key].name} <{PEOPLE[key].upn}>"
    mail["Subject"] = "Undeliverable: Our offer"
    mail["Date"] = now()
    mail.set_content(words)
    return mail.as_bytes()
