"""What people write, each with what they want, in nine languages; and what is read from it."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cards.words import languages
from services.domain.intent import AboutSender, Guess, Speak, is_binding, read_command, read_wish

_FILE = Path(__file__).with_name("utterances.tsv")
HELD_OUT = 200
"""So many utterances were not looked at when the tables of words were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Words and the wish that they are to be read as."""

    language: str
    wish: str
    words: str


def utterances() -> tuple[Utterance, ...]:
    """All of them, in an order that depends on nothing but the words."""
    rows = (line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines()[1:])
    made = [Utterance(language=language, wish=wish, words=words) for language, wish, words in rows]
    return tuple(sorted(made, key=lambda one: sha256(one.words.encode()).hexdigest()))


def held_out() -> tuple[Utterance, ...]:
    """Those that nothing was tuned on."""
    return utterances()[:HELD_OUT]


def tuning() -> tuple[Utterance, ...]:
    """Those that the tables were written and tuned with."""
    return utterances()[HELD_OUT:]


def read_as(words: str) -> str:
    """The wish that is read from words, in the words of the labels; with `?` where the person is asked first."""
    command = read_command(words)
    if command is not None and is_binding(command):
        return "command"
    match read_wish(words):
        case Guess(likeliest=likeliest):
            return f"{likeliest}?"
        case AboutSender(address=address):
            return f"mailbox:{address}"
        case Speak(language=language):
            return f"speak:{language}" if language in languages() else "language"
        case topic:
            return str(topic)


def is_right(one: Utterance) -> bool:
    """Whether the wish is read, or asked about as the likeliest."""
    return read_as(one.words).removesuffix("?") == one.wish
