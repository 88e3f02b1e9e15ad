"""The findings of a look, from its facts."""

from collections.abc import Iterator
from datetime import timedelta

from services.domain.doctor.apps import of_app
from services.domain.doctor.facts import (
    ChannelFacts,
    ChannelKind,
    DatabaseState,
    EndpointState,
    Facts,
    GroupFacts,
    RulesFacts,
)
from services.domain.doctor.findings import Finding, Health
from services.domain.unknown import Unknown


def examine(facts: Facts) -> tuple[Finding, ...]:
    """A finding for each thing that was looked at, in the order in which things depend on each other."""
    return tuple(_all(facts))


def _all(facts: Facts) -> Iterator[Finding]:
    yield from _clock(facts)
    if facts.database is not None:
        yield _DATABASE[facts.database]
    for app in facts.apps:
        yield from of_app(app, facts)
    yield from (_group(group) for group in facts.groups)
    yield from _channel(facts.channel)
    yield from _teams(facts)
    yield from _webhook(facts)
    if facts.rules is not None:
        yield from _rules(facts.rules)
    if facts.is_whole:
        yield _auditing(facts.auditing)
        yield cannot_tell("alert_policy", "alert_policy")  # nothing lets an app read it: who looks is told where
        yield _ENDPOINT[facts.endpoint]


def missing(check: str, says: str, what: str = "", *, optional: bool = False, **filled: str | int) -> Finding:
    return Finding(check=check, health=Health.MISSING, says=says, what=what, optional=optional, filled=filled)


def cannot_tell(check: str, says: str, what: str = "", **filled: str | int) -> Finding:
    return Finding(check=check, health=Health.CANNOT_TELL, says=says, what=what, filled=filled)


_DATABASE = {
    DatabaseState.CURRENT: Finding(check="database"),
    DatabaseState.NONE_YET: cannot_tell("database", "database_none"),
    DatabaseState.NO_FOLDER: missing("database", "database_no_folder"),
    DatabaseState.EMPTY: cannot_tell("database", "database_empty"),
    DatabaseState.NOT_MADE: missing("database", "database_not_made"),
    DatabaseState.REFUSED: missing("database", "database_refused"),
    DatabaseState.AWAY: missing("database", "database_away"),
    DatabaseState.FOREIGN: missing("database", "database_foreign"),
    DatabaseState.READ_ONLY: missing("database", "database_read_only"),
    DatabaseState.OLDER: cannot_tell("database", "database_older"),
    DatabaseState.NEWER: missing("database", "database_newer"),
    DatabaseState.UNUSABLE: missing("database", "database_unusable"),
}


def _clock(facts: Facts) -> Iterator[Finding]:
    if isinstance(facts.skew, Unknown):
        yield cannot_tell("clock", "clock_unknown")
    elif facts.skew is not None:
        # A service says its time in whole seconds, and takes some time to say it.
        if abs(facts.skew) <= facts.skew_allowed + timedelta(seconds=2):
            yield Finding(check="clock")
        else:
            yield missing("clock", "clock_wrong", seconds=round(abs(facts.skew).total_seconds()))


def _group(group: GroupFacts) -> Finding:
    if not group.exists:
        return missing("group", "group_gone", group.setting)
    if group.open_because:
        return missing("group", "group_open", group.setting, why=group.open_because)
    if isinstance(group.deciders, Unknown):
        return cannot_tell("group", "group_unread", group.setting)
    if group.deciders >= group.wanted:
        return Finding(check="group", what=group.setting)
    says = "group_small" if group.deciders else "group_empty"
    if group.guests or group.disabled:
        return missing("group", f"{says}_besides", group.setting, guests=group.guests, disabled=group.disabled)
    return missing("group", says, group.setting)


_KINDS = {
    ChannelKind.CLOSED: missing("channel", "channel_closed"),
    ChannelKind.OUT: missing("channel", "channel_out"),
    ChannelKind.GONE: missing("channel", "channel_gone"),
    ChannelKind.STANDARD: Finding(check="channel"),
}


def _channel(channel: ChannelFacts | Unknown | None) -> Iterator[Finding]:
    if channel is None:
        return
    if isinstance(channel, Unknown):
        yield cannot_tell("channel", "channel_unread")
    elif not channel.is_set:
        yield missing("channel", "channel_none")
    elif channel.host:
        yield missing("channel", "channel_host", host=channel.host)
    elif isinstance(channel.kind, ChannelKind) and channel.kind is not ChannelKind.STANDARD:
        yield _KINDS[channel.kind]
    elif channel.lost:
        yield missing("channel", "channel_lost", why=channel.lost)
    elif isinstance(channel.kind, Unknown):
        yield cannot_tell("channel", "channel_unread")
    else:
        yield _KINDS[channel.kind]


def _webhook(facts: Facts) -> Iterator[Finding]:
    since = facts.untold_since
    if not isinstance(since, Unknown):
        late = f"{since:%Y-%m-%d %H:%M} UTC" if since else ""
        yield missing("webhook", "webhook_late", when=late) if late else Finding(check="webhook")


def _auditing(on: bool | Unknown) -> Finding:
    if isinstance(on, Unknown):
        return cannot_tell("audit_log", "audit_log")
    return Finding(check="audit_log") if on else missing("audit_log", "audit_off", optional=True)


_ENDPOINT = {
    None: cannot_tell("endpoint", "endpoint"),
    EndpointState.THERE: Finding(check="endpoint"),
    EndpointState.AWAY: missing("endpoint", "endpoint_away"),
    EndpointState.OTHER: missing("endpoint", "endpoint_other"),
    EndpointState.UNTRUSTED: missing("endpoint", "endpoint_untrusted"),
    EndpointState.NO_ADDRESS: missing("endpoint", "endpoint_no_address"),
}


def _teams(facts: Facts) -> Iterator[Finding]:
    if isinstance(facts.keys, Unknown):
        yield missing("keys", "keys_away")
    elif facts.keys is not None:
        yield Finding(check="keys")
    if facts.teams_app is False:
        yield missing("teams_app", "app_unset", optional=True)
    elif facts.installed is True:
        yield Finding(check="teams_app")
    elif facts.installed is not None:
        yield cannot_tell("teams_app", "app_not_seen" if facts.installed is False else "app_unread")
    if facts.mentions is not None:
        yield Finding(check="mentions") if facts.mentions else missing("mentions", "mentions_off", optional=True)


def _rules(rules: RulesFacts) -> Iterator[Finding]:
    """A file with a mistake in it lets nothing start: here is what only the organisation knows."""
    wrong = [
        *([missing("rules", "rules_strangers", number=rules.strangers)] if rules.strangers else []),
        *([missing("rules", "rules_nobody")] if rules.others == 0 and not rules.strangers else []),
        *([cannot_tell("rules", "rules_unread")] if isinstance(rules.others, Unknown) else []),
        *([missing("rules", "rules_holidays", optional=True)] if rules.holidays_over else []),
    ]
    yield from wrong or [Finding(check="rules")]
