"""What a contestant is given to live with: who it is, its login and its keys.

Nothing but the standard library, since each may have an environment of its own."""

import json
import os
import urllib.parse
import urllib.request
from typing import Any

APP_ID = os.environ["MicrosoftAppId"]  # noqa: SIM112  # its usual name
SECRET = os.environ["MicrosoftAppPassword"]  # noqa: SIM112
TENANT = os.environ["MicrosoftAppTenantId"]  # noqa: SIM112
AUTHORITY = f"{os.environ['SENDWELL_LOGIN_URL']}/{TENANT}"
OPENID_METADATA = os.environ["SENDWELL_OPENID_METADATA_URL"]
CA_FILE = os.environ["SENDWELL_CA_FILE"]
PORT = int(os.environ["PORT"])


def token() -> str:
    """A token for the connector. A peer that would ask its own login for one asks a login on loopback once, instead."""
    form = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": SECRET}
    form["scope"] = "https://api.botframework.com/.default"
    return str(_read(f"{AUTHORITY}/oauth2/v2.0/token", form)["access_token"])


def keys_url() -> str:
    return str(_read(OPENID_METADATA)["jwks_uri"])


def keys() -> dict[str, Any]:
    """The connector's public keys, by their ids."""
    return {one["kid"]: one for one in _read(keys_url())["keys"]}


def _read(url: str, form: dict[str, str] | None = None) -> Any:
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(url, data, timeout=20) as answer:
        return json.load(answer)
