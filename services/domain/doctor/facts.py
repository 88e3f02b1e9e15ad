"""What a look at the organisation and the settings found. What could not be read is `Unknown`, never "missing"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.unknown import NOT_ASKED, Unknown


class DatabaseState(StrEnum):
    """How the database fits this program. `NONE_YET`: there is no file, the first start makes it; `NO_FOLDER`: nor has
    it a folder to be made in; `EMPTY`: nothing is in it, the first start fills it; `NOT_MADE`: its server is there, and
    has no such database; `REFUSED`: nor lets it this user in; `AWAY`: no server answers; `FOREIGN`: the tables in it
    are another program's."""

    CURRENT = "current"
    NONE_YET = "none_yet"
    NO_FOLDER = "no_folder"
    EMPTY = "empty"
    NOT_MADE = "not_made"
    REFUSED = "refused"
    AWAY = "away"
    FOREIGN = "foreign"
    READ_ONLY = "read_only"
    OLDER = "older"
    NEWER = "newer"
    UNUSABLE = "unusable"


class ChannelKind(StrEnum):
    """What the approvals channel is in Teams. `OUT`: the bot is not in its team; `GONE`: its team has no
    such channel."""

    STANDARD = "standard"
    CLOSED = "closed"
    OUT = "out"
    GONE = "gone"


class EndpointState(StrEnum):
    """What is at the address that the Azure Bot sends messages to. `OTHER`: something that is not Sendwell;
    `UNTRUSTED`: a certificate that Microsoft would not take."""

    THERE = "there"
    AWAY = "away"
    OTHER = "other"
    UNTRUSTED = "untrusted"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFacts:
    """One of the two apps. `refused`: why the login gives it no token, in words that say what to do; `ends`: when its
    credential ends, `None` for one that never does; `cmdlets`: what it may run in Exchange."""

    app: str
    refused: str = ""
    in_our_tenant: bool = True
    ends: datetime | Unknown | None = NOT_ASKED
    roles: frozenset[str] | Unknown = NOT_ASKED
    cmdlets: frozenset[str] | Unknown = NOT_ASKED
    calls: Mapping[str, Unknown | None] = field(default_factory=dict)
    """By the key of a need: how a harmless call with it ended; `None` if it was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """A group whose members decide. `deciders`: how many of them may, as far as counted; `guests` and `disabled`: how
    many may not, and why; `open_because`: a sentence where anybody can join."""

    setting: str
    exists: bool = True
    deciders: int | Unknown = NOT_ASKED
    guests: int = 0
    disabled: int = 0
    wanted: int = 1
    open_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """The approvals channel. `host`: its service's, where the settings do not allow it; `lost`: why nothing can be
    posted to it."""

    is_set: bool = True
    host: str = ""
    lost: str = ""
    kind: ChannelKind | Unknown = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFacts:
    """The file of rules. `others`: how many of those whom its escalation names can be mentioned, `None` without one;
    `strangers`: how many of the people it names the directory does not know."""

    others: int | Unknown | None = None
    strangers: int = 0
    holidays_over: bool = False
    """It names holidays, and all of them are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything at one moment. What the quick part does not ask is left at its default, and makes no finding."""

    now: datetime
    apps: tuple[AppFacts, ...] = ()
    not_offered: frozenset[str] = frozenset()
    """Keys of the needs that the organisation's cloud does not have."""
    skew: timedelta | Unknown | None = None
    """How far this machine's clock is behind Microsoft's."""
    skew_allowed: timedelta = timedelta(minutes=1)
    database: DatabaseState | None = None
    groups: tuple[GroupFacts, ...] = ()
    channel: ChannelFacts | Unknown | None = None
    keys: Unknown | bool | None = None
    """Whether the keys that Teams' messages are signed with can be fetched."""
    teams_app: bool | None = None
    """Whether the app's id in the catalogue is set."""
    installed: bool | Unknown | None = None
    """Whether an approver has the app of that id."""
    mentions: bool | None = None
    """Whether a request notifies anybody."""
    untold_since: datetime | Unknown | None = NOT_ASKED
    """When the oldest milestone happened that the webhook should have been told; not asked where there is none."""
    rules: RulesFacts | None = None
    """`None` without a file of rules."""
    auditing: bool | Unknown = NOT_ASKED
    """Whether the organisation keeps an audit log."""
    endpoint: EndpointState | None = None
    """What is at the bot's public address, where somebody said it."""
    is_whole: bool = False
    """Whether everything was asked, so that what no app can see is named too."""
