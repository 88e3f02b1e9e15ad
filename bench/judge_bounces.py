"""How bounces in a folder are read, against what they are labelled as: the confusion table.

    python -m bench.judge_bounces FOLDER

A folder within it that has the name of a cause, of a meaning, or `no_bounce` labels the files below it, which should be
read as that. Other files are shown by the beginning of their names (`lhost-exim-08.eml`: lhost-exim), with what they
are read as. Nothing is kept."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.bounce_files import lines_of
from services.domain.bounce.meaning import Meaning
from services.domain.bounce.table import NAMED

NO_BOUNCE = "no_bounce"
MEANINGS = frozenset(Meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A file with its label, and what it was read as. `is_labelled`: the label says how it should be read."""

    name: str
    label: str
    read: str
    is_labelled: bool

    @property
    def is_right(self) -> bool:
        return self.label == self.read


def judged(folder: Path) -> Iterator[Judged]:
    """Yields a row for each file, in the order of their names."""
    for line in lines_of(folder):
        name, _, cause, *_ = line.split("\t")
        folders = Path(name).parts[:-1]
        label = next((one for one in reversed(folders) if one in NAMED or one in MEANINGS or one == NO_BOUNCE), "")
        means = str(NAMED[cause].meaning) if cause in NAMED else cause
        read = cause if label in NAMED else means
        front = Path(name).stem.rpartition("-")[0] or Path(name).stem
        yield Judged(name=name, label=label or front, read=read, is_labelled=bool(label))


def main() -> None:
    """Prints the figures; ends with 1 where a labelled file is read wrongly."""
    folder = Path(sys.argv[1])
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder}.")
    rows = list(judged(folder))
    labelled = [one for one in rows if one.is_labelled]
    wrong = [one for one in labelled if not one.is_right]
    seen = sum(one.read != NO_BOUNCE for one in rows)
    print(f"{len(rows)} files, {seen} of them read as something that came back")
    print(f"{len(labelled)} labelled, {len(labelled) - len(wrong)} of them read as their label says")
    for (label, read), count in sorted(Counter((one.label, one.read) for one in rows).items()):
        print(f"{label:<32} {read:<32} {count:>5}")
    for one in wrong:
        print(f"wrong: {one.name} read as {one.read}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
