"""What the answers of a PowerShell session mean: rows, Exchange's refusal, or a reason why there is no answer."""

from collections.abc import Mapping
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Rows, is_not_found
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_TEXT_AT_MOST = 300
_TYPED_NOT_FOUND = "objectnotfoundexception"
_LOGIN = ("aadsts", "unauthorized")
_NOT_THERE = "commandnotfoundexception"
_HINTS_OF_MORE = ("more results", "resultsize", "truncated", "only the first")
# The module has no documented errors. Each row is looked for in the error's type and text, from the top.
_REASONS: tuple[tuple[UnknownReason, tuple[str, ...]], ...] = (
    (
        UnknownReason.NO_PERMISSION,
        (*_LOGIN, "forbidden", "accessdenied", "access is denied", "isn't supported in this scenario"),
    ),
    (UnknownReason.THROTTLED, ("too many requests", "toomanyrequests", "maximum number of concurrent", "throttl")),
    (UnknownReason.TIMED_OUT, ("timed out", "timeout", "taskcanceledexception")),
    (
        UnknownReason.UNREACHABLE,
        ("httprequestexception", "socketexception", "serviceunavailable", "service unavailable", "bad gateway"),
    ),
)


def rows_of(answer: Mapping[str, Any], parameters: Mapping[str, object], *, removes: bool = False) -> Rows:
    """The rows of an answer to a cmdlet with these parameters. Raises `CmdletFailed` if Exchange refused it, and
    `Unavailable`. `removes`: it takes an entry off a list, and Exchange refuses that where it was done too often."""
    if "error" in answer:
        raise _refused(answer, parameters, removes=removes)
    rows, warnings = answer.get("rows"), answer.get("warnings")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "rows of no known shape")
    said = str(warnings or "").casefold()
    return Rows(rows=tuple(rows), complete=not any(hint in said for hint in _HINTS_OF_MORE))


def worn_out(answer: Mapping[str, Any]) -> Unavailable | None:
    """Why the session is of no more use: its login is refused, or its cmdlets are gone; `None` if it is fine. Nothing
    ran."""
    if "error" not in answer:
        return None
    signs, text = _error(answer)
    if any(sign in signs for sign in _LOGIN):
        return Unavailable(
            UnknownReason.NO_PERMISSION, f"login: {text[:_TEXT_AT_MOST]}", may_have_arrived=False, quotes=True
        )
    if _NOT_THERE in signs:
        return Unavailable(UnknownReason.UNREACHABLE, text[:_TEXT_AT_MOST], may_have_arrived=False, quotes=True)
    return None


def trouble_at_start(answer: Mapping[str, Any]) -> Unavailable:
    """Why a session could not connect. Whatever the reason, no cmdlet ran."""
    signs, text = _error(answer)
    reason = _reason(signs) or UnknownReason.UNREACHABLE
    return Unavailable(reason, f"login: {text[:_TEXT_AT_MOST]}", may_have_arrived=False, quotes=True)


def _refused(
    answer: Mapping[str, Any], parameters: Mapping[str, object], *, removes: bool
) -> CmdletFailed | Unavailable:
    signs, text = _error(answer)
    if is_not_found(text, parameters, typed=_TYPED_NOT_FOUND in _types(answer)):
        return CmdletFailed(text[:_TEXT_AT_MOST], not_found=True)
    reason = _reason(signs)
    if reason is UnknownReason.THROTTLED and removes and _reason(_types(answer)) is not reason:
        # The words are those of the refusal as well, and a call that is refused must not be made again by itself.
        reason = None
    if reason is None:
        return CmdletFailed(text[:_TEXT_AT_MOST], not_found=False)
    return Unavailable(
        reason, text[:_TEXT_AT_MOST], may_have_arrived=reason is not UnknownReason.THROTTLED, quotes=True
    )


def _reason(signs: str) -> UnknownReason | None:
    return next((reason for reason, phrases in _REASONS if any(phrase in signs for phrase in phrases)), None)


def _error(answer: Mapping[str, Any]) -> tuple[str, str]:
    """By what the error is known, in lower case; and its text, without the type that Exchange puts before it."""
    message = str(_details(answer).get("message") or "")
    text = " ".join(message.rsplit("|", 1)[-1].split())
    return f"{_types(answer)} {message.casefold()}", text or "an error without a text"


def _types(answer: Mapping[str, Any]) -> str:
    """By what the error is known apart from its words, in lower case."""
    error = _details(answer)
    before = str(error.get("message") or "").rpartition("|")[0]
    return " ".join([*(str(error.get(name) or "") for name in ("type", "reason", "id")), before]).casefold()


def _details(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return answer["error"] if isinstance(answer["error"], dict) else {"message": answer["error"]}
