"""A refusal by a service, as opposed to a failure to answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_WORDS_AT_MOST = 300


class Refusal(Exception):  # noqa: N818 - it names what happened, in the service's words
    """The service refused, and asking again would not help. `was`: the former state of what was changed before."""

    def __init__(self, text: str, was: tuple[str, ...] = ()) -> None:
        super().__init__(text[:_WORDS_AT_MOST])
        self.was = was


@contextmanager
def needing(permission: str) -> Iterator[None]:
    """Turns a missing permission or licence within the block into a `Refusal` that names the permission needed."""
    try:
        yield
    except Unavailable as trouble:
        if trouble.reason not in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
            raise
        if trouble.detail.startswith("login"):  # it refused the app itself
            raise Refusal(str(trouble)) from trouble
        raise Refusal(f"{permission} is missing, or not enough for this account ({trouble.detail})") from trouble
