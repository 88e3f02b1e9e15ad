"""Odd texts that follow the branches of a reader: what `tests.fuzz` draws blindly, atheris
(https://github.com/google/atheris) steers to where nothing was yet.

    python -m tests.guided_fuzz bounces 60

reads bounces for a minute, and ends with 1 and the input where the reader raises. `make guided-fuzz` does so for each
reader of texts, where there is a wheel of atheris for this Python."""

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped]  # in an environment of its own: there are few wheels of it

with atheris.instrument_imports(include=["services", "dialogs", "bot"]):
    from tests.fuzz import SEEDS, TARGETS

_LONGEST = 4_000


def main() -> None:
    """`sys.argv`: the reader's name, and how many seconds."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    read = next(target.run for target in TARGETS if target.name == name)

    def one(data: bytes) -> None:
        read(data.decode("utf-8", errors="surrogateescape"))  # half characters among them, as from a broken client

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS[name]):
            (Path(folder) / str(number)).write_text(seed, encoding="utf-8")
        atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=20", folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
