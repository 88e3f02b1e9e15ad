"""What somebody can want of the bot that can be named in one word."""

from enum import StrEnum


class Topic(StrEnum):
    """Wishes that name no case and no address. `SPEAK` is what the words come to that name a language; whoever reads
    them gets that language with it."""

    LOOK = "look"
    STATUS = "status"
    HELP = "help"
    LANGUAGE = "language"
    SPEAK = "speak"
    WITHDRAW = "withdraw"
    CODE = "code"
    CASES = "cases"
    RESTRICTED = "restricted"
    USE_THIS_CHANNEL = "use_this_channel"
    EXPORT = "export"
    DOCTOR = "doctor"
    THANKS = "thanks"
    WORKS = "works"
    BOUNCING = "bouncing"
    TIME = "time"
    WHO = "who"
    HACKED = "hacked"
    WHY = "why"
    HUMAN = "human"
    COLLEAGUE = "colleague"
    OFFTOPIC = "offtopic"
