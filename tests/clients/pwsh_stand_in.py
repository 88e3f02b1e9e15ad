"""Stands in for `pwsh` with `session.ps1`: reads the same lines and writes what a test has planned.

`python pwsh_stand_in.py FOLDER`: `FOLDER/lives.json` holds a list of lives, one for each start; the last is repeated. A
life is a list of turns, one for each line that comes in; its last turn is repeated. A turn is a list of deeds, see
`do`. What came in is written to `FOLDER/heard`, a JSON line each; each start makes a folder `FOLDER/life-N`.

It needs nothing but the standard library, so that it starts fast."""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

FOLDER = Path(sys.argv[1])


def born() -> int:
    """The number of this life, from 0. Making a folder is atomic."""
    number = 0
    while True:
        try:
            (FOLDER / f"life-{number}").mkdir()
        except FileExistsError:
            number += 1
        else:
            return number


def do(deed: str, value: object, asked: dict[str, object]) -> None:
    number = asked["id"]
    match deed:
        case "relay" if isinstance(value, dict):
            write(sys.stdout, json.dumps({"id": number, **relayed(asked, **value)}) + "\n")
        case "answer" if isinstance(value, dict):
            write(sys.stdout, json.dumps({"id": number, **value}) + "\n")
        case "write":
            write(sys.stdout, str(value))
        case "complain":
            write(sys.stderr, str(value))
        case "wait":  # until the test writes a byte to this pipe
            with Path(str(value)).open("rb", buffering=0) as pipe:
                pipe.read(1)
        case "die":
            os._exit(int(str(value)))
        case "hang":
            while True:
                signal.pause()
        case "ignore SIGTERM":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        case _:
            raise AssertionError(deed)


def relayed(asked: dict[str, object], url: str, headers: dict[str, str], trusted: str) -> dict[str, object]:
    """The answer of another Exchange, which is asked over REST."""
    import ssl
    import urllib.error
    import urllib.request

    given = {name: unmarked(value) for name, value in dict(asked["parameters"]).items()}  # type: ignore[call-overload]
    body = json.dumps({"CmdletInput": {"CmdletName": asked["cmdlet"], "Parameters": given}}).encode()
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=trusted)) as response:
            found = json.load(response)
    except urllib.error.HTTPError as refused:
        text = refused.read().decode("utf-8", errors="replace").strip("\0") or f"({refused.code}) {refused.reason}"
        return {"error": {"type": "", "reason": "", "id": "", "message": text}}
    return {"rows": found["value"], "warnings": found.get("@adminapi.warnings", [])}


def unmarked(value: object) -> object:
    return (
        value[1:] if isinstance(value, str) else [unmarked(one) for one in value] if isinstance(value, list) else value
    )


def write(stream: object, text: str) -> None:
    stream.write(text)  # type: ignore[attr-defined]
    stream.flush()  # type: ignore[attr-defined]


def live() -> None:
    life = born()
    lives = json.loads((FOLDER / "lives.json").read_text(encoding="utf-8"))
    turns = lives[min(life, len(lives) - 1)]
    born_with = {"argv": sys.orig_argv, "environment": dict(os.environ), "pid": os.getpid()}
    (FOLDER / f"life-{life}" / "born.json").write_text(json.dumps(born_with), encoding="utf-8")
    with suppress(BrokenPipeError):  # nobody reads any more: the same as the end of the input
        for count, line in enumerate(sys.stdin):
            heard = {"life": life, **json.loads(line)}
            with (FOLDER / "heard").open("a", encoding="utf-8") as file:
                file.write(json.dumps(heard) + "\n")
            for deed, value in turns[min(count, len(turns) - 1)]:
                do(deed, value, heard)
    (FOLDER / f"life-{life}" / "ended in order").touch()
    os._exit(0)


if __name__ == "__main__":
    live()
