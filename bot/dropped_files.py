"""The files in a message. Teams puts a dropped file into the person's OneDrive and tells where it can be fetched.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.fields import dict_in, text_in
from services.ports.teams import DroppedFile

_DROPPED = "application/vnd.microsoft.teams.file.download.info"
_AT_MOST = 10


def dropped_files(activity: Mapping[str, Any]) -> tuple[DroppedFile, ...]:
    """The files of a message in their order, pictures in its text among them; the message's own HTML is none."""
    attachments = activity.get("attachments")
    items = attachments[:_AT_MOST] if isinstance(attachments, list) else ()
    return tuple(file for item in items if isinstance(item, dict) and (file := _file(item)))


def _file(item: Mapping[str, Any]) -> DroppedFile | None:
    content_type = text_in(item, "contentType")
    if not content_type or content_type.startswith("text/html"):
        return None
    content = dict_in(item, "content")
    kind = (text_in(content, "fileType") or PurePosixPath(text_in(item, "name")).suffix).lstrip(".").casefold()[:20]
    if content_type.startswith("image/") or kind in _PICTURES:
        return DroppedFile(kind=kind, is_picture=True)
    return DroppedFile(kind=kind, url=text_in(content, "downloadUrl") if content_type == _DROPPED else "")


_PICTURES = frozenset(("png", "jpg", "jpeg", "gif", "heic", "webp", "bmp", "tif", "tiff"))
