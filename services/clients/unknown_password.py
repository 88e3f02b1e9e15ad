"""A password that nobody knows."""

import secrets


def unknown_password() -> str:
    """A new password of 68 characters, of every class that Entra ID's password policy counts."""
    # https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy
    return f"{secrets.token_urlsafe(48)}aA1!"
