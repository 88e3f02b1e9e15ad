"""What can go wrong with a port, a class for each way of dealing with it."""

from datetime import timedelta

from services.domain.case.parts import CaseNumber
from services.domain.unknown import UnknownReason


class Unavailable(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A service could not answer now: try later.

    `retry_after` is how long it asked us to wait, if it did; `may_have_arrived`: whether the request may have reached
    it. `detail` is for approvers, and for the log unless it `quotes` a vendor: such words may name people."""

    def __init__(
        self,
        reason: UnknownReason,
        detail: str = "",
        *,
        retry_after: timedelta | None = None,
        may_have_arrived: bool = True,
        quotes: bool = False,
    ) -> None:
        said = reason.replace("_", " ")  # approvers and the log read it
        super().__init__(f"{said}: {detail}" if detail else said)
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        self.may_have_arrived = may_have_arrived
        self.quotes = quotes

    @property
    def logged(self) -> str:
        """What may stand in the log."""
        return self.reason.replace("_", " ") if self.quotes else str(self)


class ChannelRefuses(Unavailable):
    """There is no approvals channel, or it takes nothing until somebody acts: what is owed to it is kept."""


class NotFound(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """The service answered that there is no such object. This is a finding, not a failure.

    Not a `LookupError`: a `KeyError` or `IndexError` is a bug, and must never mean "there is no such person"."""


class ChangedMeanwhile(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """The case was saved by somebody else since it was read: read it again and apply the command again."""


class UnreadableCase(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A stored case that this program cannot read: it is damaged, or, where it `is_newer`, a newer program wrote it.
    Nothing was changed. `reason` is for the log and holds nothing of what is stored."""

    def __init__(self, number: CaseNumber, reason: str, *, is_newer: bool = False) -> None:
        super().__init__(f"case {number} cannot be read: {reason}")
        self.number = number
        self.reason = reason
        self.is_newer = is_newer

    @property
    def logged(self) -> str:
        """What may stand in the log."""
        return str(self)


class DuplicateActivity(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """This activity was processed before."""


class Unreachable(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A person or channel cannot be written to until somebody changes something: the bot is blocked or not installed,
    or the chat is gone. Its message is an error code, or words of ours."""

    @property
    def logged(self) -> str:
        """What may stand in the log."""
        return str(self)


class CardRefused(Unreachable):
    """Teams did not take this message: it is too large, or something in it is not understood. Another one may be taken,
    so it says nothing of the person or the channel."""
