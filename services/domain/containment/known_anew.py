"""What the proofs show of a contained account that the last read of it after the steps could not."""

from services.domain.containment.after_steps import AfterSteps
from services.domain.proofs.securing import MfaFinding, MfaProof, PasswordProof
from services.domain.unknown import Unknown


def is_newer(after: AfterSteps, password: PasswordProof, mfa: MfaProof) -> bool:
    """Whether the password was changed, or a second factor seen to be new, after that read."""
    is_added = mfa.finding is MfaFinding.NEW and mfa.checked_at is not None and mfa.checked_at > after.read_at
    return is_added or (password.changed_at is not None and password.changed_at > after.read_at)


def adds_a_kind(after: AfterSteps, mfa: MfaProof) -> bool:
    """Whether there is a kind of second factor that there was not at that read: of somebody for whom another asks no
    first look says which were there."""
    if isinstance(after.methods, Unknown):
        return False
    return bool(set(mfa.kinds) - {method.kind for method in after.methods})
