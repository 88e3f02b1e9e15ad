"""A tenant in which nothing is set up yet, for rehearsing `python app.py setup`: the sandbox acts for its humans."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from sandbox.azure import SUBSCRIPTION
from sandbox.box import Sandbox
from sandbox.people import PEOPLE, TENANT


def settings(box: Sandbox) -> str:
    """For a shell: where the services are, and as remarks what an administrator would know."""
    lines = [f"export {name}='{value}'" for name, value in box.bare_environment.items()]
    return "\n".join(
        (
            *lines,
            f"# The tenant: {TENANT}",
            f"# The Azure subscription: {SUBSCRIPTION}",
            f"# Who may decide and contain: {PEOPLE['bo'].upn}, {PEOPLE['cleo'].upn}",
            "# Signing in with the code needs nobody here; consent is given by opening its address (curl -k).",
        )
    )


def run(script: Path, port: int) -> int:
    """`python -m sandbox --run sendwell-exchange.ps1`: as an Exchange administrator runs it, in the sandbox whose page
    is at `port`. 0 when done, 2 if the sandbox is not there or refuses."""
    try:
        body = json.dumps({"script": script.read_text(encoding="utf-8")}).encode()
        with urllib.request.urlopen(f"http://localhost:{port}/exchange-script", body, timeout=30):
            pass
    except urllib.error.HTTPError as refused:
        sys.stderr.write(f"The sandbox refuses it: {json.loads(refused.read())['error']}\n")
        return 2
    except OSError as trouble:
        sys.stderr.write(f"{script} was not run: {getattr(trouble, 'reason', trouble)}\n")
        return 2
    sys.stdout.write(f"{script} was run.\n")
    return 0
