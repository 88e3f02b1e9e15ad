"""What the person says beside what the directory says."""

from adaptivecards.baseobject import BareObject

from cards.elements import line, run, timed_line
from cards.text import hour, moment, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.since_steps import password_set
from services.domain.proofs.securing import (
    ApprovalCondition,
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
)

_GOOD = {PasswordFinding.CHANGED_SINCE, MfaFinding.REGISTERED_BEFORE, MfaFinding.REGISTERED_UNDATED}
_DATED = (PasswordFinding.CHANGED_SINCE, PasswordFinding.CHANGED_BEFORE)
_BAD = {PasswordFinding.CHANGED_BEFORE, MfaFinding.NONE, MfaFinding.NEW}


def password_sentence(proof: PasswordProof, view: View) -> str:
    """What the directory says of the password."""
    words = view.words
    if proof.finding is PasswordFinding.NOT_CHECKED:
        why = proof.not_checked.name.lower() if proof.not_checked else "not_yet"
        return words("proof.not_checked", why=words(f"why_not.{why}"))
    if proof.finding is PasswordFinding.CHANGED_SINCE and proof.changed_at:
        return _changed_since(proof, view)
    when = moment(proof.changed_at) if proof.changed_at else words("time.unknown")
    return words(f"proof.password.{proof.finding.name.lower()}", when=when)


def password_on_own_card(proof: PasswordProof, view: View) -> list[BareObject]:
    """The same for whose password it is: when it was changed by their own clock; below, who changed it from where."""
    words, topic = view.words, view.words("topic.password")
    if proof.changed_at is None or proof.finding not in _DATED:
        return [directory_line(topic, proof.finding, password_sentence(proof, view))]
    icon, color = proof_mark(proof.finding)
    said = words.timed(f"proof.password.{proof.finding.name.lower()}", when=moment(proof.changed_at))
    label = line(run(f"{icon} {topic}", bold=True, color=color), spacing="Small")
    lines = [label, timed_line(said, spacing="None")]
    if proof.changed_by and proof.finding is PasswordFinding.CHANGED_SINCE:
        where = user_text(proof.changed_from or words("place.unknown"), 60)
        by = words("proof.password.by", who=user_text(proof.changed_by, 120), where=where)
        lines.append(line(run(by, subtle=True), spacing="None"))
    return lines


def _changed_since(proof: PasswordProof, view: View) -> str:
    when = moment(proof.changed_at) if proof.changed_at else ""
    if not proof.changed_by:
        return view.words("proof.password.changed_since", when=when)
    where = user_text(proof.changed_from or view.words("place.unknown"), 60)
    return view.words("proof.password.changed_since_by", when=when, who=user_text(proof.changed_by, 120), where=where)


def mfa_sentence(proof: MfaProof, view: View) -> str:
    """What the directory says of second factors. Registered is not enforced, and is not called so."""
    words = view.words
    if proof.finding is MfaFinding.NOT_CHECKED:
        why = proof.not_checked.name.lower() if proof.not_checked else "not_yet"
        return words("proof.not_checked", why=words(f"why_not.{why}"))
    kinds = ", ".join(words(f"method.{kind}") for kind in proof.kinds)
    return words(f"proof.mfa.{proof.finding.name.lower()}", kinds=kinds or words("method.unnamed"))


def proof_mark(finding: PasswordFinding | MfaFinding) -> tuple[str, str | None]:
    """An icon and a colour for a finding; the words beside it say the same."""
    if finding in _GOOD:
        return "✔", "Good"
    return ("✖", "Attention") if finding in _BAD else ("?", "Warning")


def directory_line(label: str, finding: PasswordFinding | MfaFinding, sentence: str) -> BareObject:
    icon, color = proof_mark(finding)
    return line(run(f"{icon} {label} ", bold=True, color=color), sentence, spacing="Small")


def proof_lines(case: Case, view: View) -> list[BareObject]:
    """Both proofs for approvers: what the directory says, and the person's word beside it where that is another."""
    sentence = password_sentence(case.proofs.password, view)
    if password_set(case):
        sentence = f"{sentence} {view.words('proof.password.set')}"
    password = _proof("password", case.proofs.password, sentence, view)
    is_doubted = ApprovalCondition.MFA_UNDATED in case.conditions
    return [*password, *_proof("mfa", case.mfa, mfa_sentence(case.mfa, view), view, is_doubted=is_doubted)]


def _proof(
    topic: str, proof: PasswordProof | MfaProof, sentence: str, view: View, *, is_doubted: bool = False
) -> list[BareObject]:
    words = view.words
    icon, color = ("?", "Warning") if is_doubted else proof_mark(proof.finding)
    read_at = [run(f" {words('proof.checked', when=hour(proof.checked_at))}", subtle=True)] if proof.checked_at else []
    label = run(f"{icon} {words(f'topic.{topic}')} ", bold=True, color=color)
    lines = [line(label, sentence, *read_at, spacing="Small")]
    if _agrees(proof):
        return lines
    said = words(f"says.{topic}.{proof.says.name.lower()}")
    return [*lines, line(run(f"{words('label.person_says')}: {said}", subtle=True), spacing="None")]


def _agrees(proof: PasswordProof | MfaProof) -> bool:
    """Whether the person says nothing that the directory does not."""
    return proof.says is Says.NOTHING or (proof.says is Says.DONE and proof.finding in _GOOD)


def mailing_sentence(mailing: Mailing | None, view: View) -> str:
    """The mailing answer, in the person's own words where they gave any."""
    if mailing is None:
        return view.words("mailing.open")
    details = {
        "mailing.recipients": mailing.recipients,
        "mailing.to_whom": mailing.to_whom,
        "mailing.how_often": mailing.how_often,
        "mailing.until": mailing.until,
    }
    said = [f"{view.words(name)}: {user_text(value, 200)}" for name, value in details.items() if value]
    return "; ".join([view.words(f"mailing.{mailing.sent.name.lower()}"), *said])
