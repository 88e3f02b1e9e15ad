"""Files that somebody dropped into their chat: a saved bounce is read, of anything else it is said what would help."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.domain.bounce.bounce import read_bounce
from services.domain.bounce.file_text import SAVED_MAILS, NoMsgError, text_of_file
from services.ports.errors import Unavailable, Unreachable
from services.ports.teams import DroppedFile, Files

_FILES_AT_MOST = 5


class Trouble(StrEnum):
    """Why a file told nothing, as the catalogue names the sentences."""

    PICTURE = "answer.file_picture"
    UNFETCHED = "answer.file_unfetched"
    NO_BOUNCE = "answer.file_no_bounce"
    OTHER = "answer.file_other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The text of a bounce, if one of the files is one; else why the first of them is none."""

    text: str = ""
    trouble: Trouble | None = None


class BouncesInFiles:
    """Reads dropped files. Nothing of them is kept."""

    def __init__(self, files: Files | None) -> None:
        self._files = files

    async def found_in(self, files: Sequence[DroppedFile]) -> Found:
        """The first bounce in some files. The look at the list does not depend on it, so trouble is no failure."""
        tried = await asyncio.gather(*(self._read(file) for file in files[:_FILES_AT_MOST]))
        return next((one for one in tried if one.text), tried[0])

    async def _read(self, file: DroppedFile) -> Found:
        if file.is_picture:
            return Found(trouble=Trouble.PICTURE)
        if file.kind not in SAVED_MAILS:
            return Found(trouble=Trouble.OTHER)
        if self._files is None or not file.url:
            return Found(trouble=Trouble.UNFETCHED)
        try:
            content = await self._files.content(file.url)
        except (Unavailable, Unreachable):
            return Found(trouble=Trouble.UNFETCHED)
        # Decoding and reading some megabytes takes longer than others should wait.
        return await asyncio.to_thread(_bounce_in, content, file.kind)


def _bounce_in(content: bytes, kind: str) -> Found:
    try:
        text = text_of_file(content, kind)
    except NoMsgError:
        return Found(trouble=Trouble.NO_BOUNCE)
    return Found(text=text) if read_bounce(text) else Found(trouble=Trouble.NO_BOUNCE)
