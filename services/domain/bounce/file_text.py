"""The text of a file in which somebody kept a bounce."""

import codecs

from services.domain.bounce.msg import NoMsgError, text_of_msg

SAVED_MAILS = ("eml", "msg", "txt")
"""The kinds of files that are read, as the ends of their names."""


def text_of_file(content: bytes, kind: str) -> str:
    """The text of a saved mail of one of `SAVED_MAILS`, in whatever encoding it is.

    Raises `NoMsgError` for a .msg that is none, or is damaged."""
    return text_of_msg(content) if kind == "msg" else _decoded(content)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


__all__ = ["SAVED_MAILS", "NoMsgError", "text_of_file"]
