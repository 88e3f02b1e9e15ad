"""Rows of message trace, each read into what became of a message on its way to one recipient."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.clients.wire_values import read_moment, text_of
from services.domain.checks.replies import ServerReply
from services.domain.delivery.traced import Traced, TracedRow, TracedStatus

# https://learn.microsoft.com/graph/api/resources/exchangemessagetrace
_STATUSES = {
    "delivered": TracedStatus.DELIVERED,
    "expanded": TracedStatus.EXPANDED,
    "failed": TracedStatus.FAILED,
    "quarantined": TracedStatus.QUARANTINED,
    "filteredasspam": TracedStatus.FILTERED,
}

_WORDS_AT_MOST = 2_000


def traced_of(rows: Iterable[Mapping[str, Any]], *, complete: bool) -> Traced:
    """The rows, each once: pages overlap. One that lacks what tells it apart makes them incomplete."""
    read = list(map(_row, rows))
    return Traced(
        rows=tuple(dict.fromkeys(row for row in read if row is not None)), complete=complete and None not in read
    )


def _row(row: Mapping[str, Any]) -> TracedRow | None:
    # The message's own id stays when the service sends it on once more; the trace's id may not.
    message = text_of(row.get("messageId")) or text_of(row.get("id"))
    sender, recipient = text_of(row.get("senderAddress")), text_of(row.get("recipientAddress"))
    at = read_moment(row.get("receivedDateTime"))
    if message is None or sender is None or recipient is None or at is None:
        return None
    status = _STATUSES.get(str(row.get("status")).casefold(), TracedStatus.UNDECIDED)
    subject = text_of(row.get("subject")) or ""
    return TracedRow(
        message=message,
        sender=sender,
        recipient=recipient,
        at=at,
        status=status,
        subject=subject,
        trace=text_of(row.get("id")) or "",
    )


def reply_in(events: Iterable[Mapping[str, Any]]) -> ServerReply | None:
    """What the last failure of a route says; `None` if the route shows none.

    The words stand as `Reason: [{LED=550 5.1.1 …};{MSG=…};{FQDN=mx.example};{IP=…};{LRT=…}]`: of the service, of the
    other server, and that server's name where there was one."""
    failures = [event for event in events if str(event.get("event")).casefold().startswith("fail")]
    told = [str(event.get("dateTime") or "") for event in failures]
    if not failures:
        return None
    said = str(failures[told.index(max(told))].get("description") or "")[:_WORDS_AT_MOST]
    words = " ".join(part for name in ("LED", "MSG") if (part := _part(said, name)))
    return ServerReply(words=words or said, remote=bool(_part(said, "FQDN"))) if said.strip() else None


def _part(said: str, name: str) -> str:
    """One part of a reason, up to where the next one begins."""
    rest = said.partition(f"{{{name}=")[2]
    return rest.partition("};{")[0].removesuffix("}]").strip()
