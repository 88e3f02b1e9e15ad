"""A service that says no, told apart from one that does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_WORDS_AT_MOST = 300


class Refusal(Exception):  # noqa: N818 - it names what happened, in the service's words
    """Asking again would not help. `was`: what was changed nevertheless, as it was before."""

    def __init__(self, words: str, was: tuple[str, ...] = ()) -> None:
        super().__init__(words[:_WORDS_AT_MOST])
        self.was = was


@contextmanager
def needing(permission: str) -> Iterator[None]:
    """What is forbidden within is refused, and the refusal names the permission that it takes."""
    try:
        yield
    except Unavailable as trouble:
        if trouble.reason not in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
            raise
        if not trouble.detail.startswith("HTTP"):  # the login refused the app itself
            raise Refusal(str(trouble)) from trouble
        raise Refusal(f"{permission} is missing, or not enough for this account ({trouble.detail})") from trouble
