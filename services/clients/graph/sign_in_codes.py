"""What the error codes of the sign-in log mean: a row with an error is often a step of a good sign-in."""

from collections.abc import Mapping
from enum import Enum


class Outcome(Enum):
    """What one row of the sign-in log says."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    """Whoever tried did not have what it takes, such as the password."""
    STOPPED = "stopped"
    """The password was right, and something that the person cannot get by guessing stopped the sign-in."""
    STEP = "step"
    """A step on the way: the log shows how it went on in a row of its own."""


_DIGITS_AT_MOST = 20
_REFUSED, _STOPPED, _STEP = Outcome.REFUSED, Outcome.STOPPED, Outcome.STEP

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes describes each code, and calls the steps
# interrupts. They are shown as errors although the sign-in goes on.
_CODES: Mapping[int, Outcome] = {
    0: Outcome.SUCCEEDED,
    50126: _REFUSED,  # wrong name or password
    50053: _REFUSED,  # locked after too many wrong passwords, or from an address known for attacks
    50034: _REFUSED,  # no such account
    50056: _REFUSED,  # no password, or an empty one
    500121: _REFUSED,  # the second factor was denied, or not answered: also how somebody is worn down by prompts
    53003: _STOPPED,  # Conditional Access
    50155: _STOPPED,  # the device could not be authenticated
    50055: _STOPPED,  # the password has expired
    50057: _STOPPED,  # the account is disabled
    16000: _STEP,  # choose one of several accounts
    50058: _STEP,  # no session yet: a sign-in begins
    50072: _STEP,  # has to register a second factor
    50074: _STEP,  # the second factor is asked for
    50076: _STEP,  # the same, for this application or place
    50079: _STEP,  # has to register a second factor, by a policy
    50097: _STEP,  # the device is asked for
    50125: _STEP,  # password reset or registration
    50132: _STEP,  # the session ended, for example by a new password
    50133: _STEP,  # the same
    50140: _STEP,  # "stay signed in?"
    50144: _STEP,  # the password kept on-premises has expired and is changed
    50158: _STEP,  # on to another provider of second factors
    50173: _STEP,  # the session ended with a new password
    50199: _STEP,  # "are you trying to sign in to this app?"
    65001: _STEP,  # consent to an application is asked for
}


def outcome_of(code: object) -> Outcome | None:
    """What a row with this `errorCode` says; `None` for a code that is not known.

    A code that is not known counts neither as a failure nor as a success. There are several hundred, new ones come
    without notice, and most are steps: taken for failures they would make an attack out of somebody who resets a
    password as we asked them to, and taken for successes they would show the thief getting in who did not."""
    return _CODES.get(int(str(code))) if is_code(code) else None


def is_code(code: object) -> bool:
    """Whether it is an error code at all, known or not: a number, or one as a text."""
    if isinstance(code, str):
        return code.isascii() and code.isdigit() and len(code) <= _DIGITS_AT_MOST
    return isinstance(code, int) and not isinstance(code, bool) and abs(code) < 10**_DIGITS_AT_MOST
