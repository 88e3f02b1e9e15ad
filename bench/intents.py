"""How well wishes are read: accuracy of both parts of the labelled utterances, and the confusion table of all.

    python -m bench.intents [--wrong]

`--wrong` lists what is read wrongly in the tuning part; the held-out part is counted only, or it would be none."""

import sys
from collections import Counter
from collections.abc import Sequence
from time import perf_counter

from tests.intents.labelled import Utterance, held_out, is_right, read_as, tuning


def main() -> None:
    """Prints the figures."""
    begun = perf_counter()
    for name, part in (("tuning", tuning()), ("held out", held_out())):
        right, asked = sum(map(is_right, part)), sum(read_as(one.words).endswith("?") for one in part)
        print(f"{name}: {right} of {len(part)} right ({right / len(part):.1%}); {asked} of them asked about first")
        print("  " + ", ".join(_of_language(language, part) for language in _languages(part)))
    everything = (*tuning(), *held_out())
    print(f"{len(everything) * 2 / (perf_counter() - begun):,.0f} utterances a second\n")
    _print_table(everything)
    if "--wrong" in sys.argv:
        for one in tuning():
            if not is_right(one):
                print(f"{one.language}  {one.wish} read as {read_as(one.words)}: {one.words}")


def _languages(part: Sequence[Utterance]) -> list[str]:
    return sorted({one.language for one in part})


def _of_language(language: str, part: Sequence[Utterance]) -> str:
    rows = [one for one in part if one.language == language]
    return f"{language} {sum(map(is_right, rows))}/{len(rows)}"


def _print_table(rows: Sequence[Utterance]) -> None:
    """A row for each wish, a column for what it was read as."""
    pairs = Counter((_short(one.wish), _short(read_as(one.words))) for one in rows)
    names = sorted({name for pair in pairs for name in pair})
    print("wanted \\ read".ljust(14) + "".join(name[:8].rjust(9) for name in names))
    for wanted in names:
        cells = (pairs[wanted, name] for name in names)
        print(wanted.ljust(14) + "".join(str(count or "·").rjust(9) for count in cells))


def _short(wish: str) -> str:
    return wish.removesuffix("?").partition(":")[0]


if __name__ == "__main__":
    main()
