"""Certificates, as an operator makes them for an app."""

from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from services.settings import Applicant, AppType, Credential


def write_certificate(path: Path, password: str | None = None, kind: trustme.KeyType = trustme.KeyType.ECDSA) -> None:
    """Writes a new key, locked with the password, and a certificate for it into one file. Keys of the kind that Entra
    takes, RSA, take longer to make."""
    issued = trustme.CA().issue_cert("app.example", key_type=kind)
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    path.write_bytes(pem + issued.cert_chain_pems[0].bytes())


def applicant_with(path: Path, password: str | None = None) -> Applicant:
    """An app whose certificate is a new one in this file."""
    write_certificate(path, password)
    return Applicant(
        app_id="5a4d8f2e-0000-4000-8000-00000000c0de",
        tenant="9f000000-0000-4000-8000-000000000000",
        app_type=AppType.SINGLE_TENANT,
        credential=Credential(certificate_file=path, certificate_password=password),
        login_url="https://login.microsoftonline.com",
    )
