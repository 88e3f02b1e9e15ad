"""What a form's inputs say, judged as strictly as if the card had never been ours."""

from collections.abc import Mapping

from services.domain.case.transition import Refusal, Refused
from services.domain.case.user_text import checked_text
from services.domain.proofs.securing import Mailing, SentMailing


def read_mailing(inputs: Mapping[str, str]) -> Mailing:
    """The mailing form. How many is required, as on the card."""
    recipients = checked_text(inputs.get("recipients", ""))
    if not recipients:
        raise Refused(Refusal.ANSWER_NOT_UNDERSTOOD)
    return Mailing(
        sent=SentMailing.YES,
        recipients=recipients,
        to_whom=checked_text(inputs.get("to_whom", "")),
        how_often=checked_text(inputs.get("how_often", "")),
        until=checked_text(inputs.get("until", "")),
    )


def is_ticked(inputs: Mapping[str, str], name: str) -> bool:
    """Teams sends a toggle as the text "true" or "false"."""
    return inputs.get(name, "") == "true"
