"""Mails that look like bounces to whoever gets them and are none: complaints of a recipient, and automatic replies."""

from collections.abc import Collection, Mapping

_FEEDBACK_PART = "message/feedback-report"
_FEEDBACK_FIELD = "feedback-type:"
_REPLY_SUBJECTS = (
    *("automatic reply", "auto reply", "auto-reply", "autoreply", "out of office", "auto response", "autoresponse"),
    *("automatische antwort", "abwesenheitsnotiz", "réponse automatique", "respuesta automática"),
    *("resposta automática", "risposta automatica", "automatisch antwoord", "自動応答", "رد تلقائي"),
)


def feedback_report(kinds: Collection[str], words: str) -> bool:
    """Whether it is a complaint: the message arrived, and its recipient, or a filter there, called it spam.

    `kinds`: the content types of its parts; `words`: its text for people, case-folded.

    https://www.rfc-editor.org/rfc/rfc5965"""
    return _FEEDBACK_PART in kinds or _FEEDBACK_FIELD in words


def automatic_reply(headers: Mapping[str, str]) -> bool:
    """Whether its headers, by their names in small letters, are those of an automatic reply. Servers write the same
    field above bounces, so that this counts only where nothing else was read.

    https://www.rfc-editor.org/rfc/rfc3834"""
    answered = headers.get("auto-submitted", "").casefold().startswith(("auto-replied", "auto-generated (vacation"))
    return answered or headers.get("subject", "").casefold().startswith(_REPLY_SUBJECTS)
