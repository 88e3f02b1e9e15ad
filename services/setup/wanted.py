"""What is to be set up: a TOML file without secrets, which is also how a second run knows what the first one made."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.setup.needs import FEATURES
from services.setup.questions import QUESTIONS, address_fault

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_KEY = re.compile(r"[0-9a-f]{16,32}")
_BOT_NAME = re.compile(r"[A-Za-z0-9_-]{4,42}")
_WORD = re.compile(r"\w++")
_ADDRESS = re.compile(r"(?<![^\s@])[^\s@]++@[^\s@]++")
_NAME = re.compile(r"\S.{0,63}")
_CREDENTIAL = re.compile(r"certificate|secret")
_PACKAGE_NAME = re.compile(r"SENDWELL_(?:DEVELOPER_NAME|DEVELOPER_URL|PRIVACY_URL|TERMS_URL|PACKAGE_\w+)")
_RESPONDERS = "Sendwell responders"
_RESOURCE_GROUP = re.compile(r"[\w().-]{0,89}(?<=[\w()-])")


class FaultyPlanError(ValueError):
    """Everything that is wrong with a plan, one line a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedGroup:
    """A group to be made, or with `id` one that is there. `members`: user names to put into it."""

    name: str
    id: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBot:
    """The Azure Bot. Without a `region` its resource group has to be there."""

    subscription: str
    resource_group: str
    name: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A plan. `key` marks what is made, so that only what this plan made is ever taken for its own: a name alone could
    be anybody's."""

    key: str
    tenant: str
    public_url: str
    name: str
    certificate: bool
    features: frozenset[str]
    approvers: WantedGroup
    responders: WantedGroup | None
    bot: WantedBot | None
    package: Mapping[str, str]
    """Settings of the Teams package, by their names."""

    def with_both_apps(self) -> "Wanted":
        """With what the plan may have made before the second app was taken out of it."""
        features = self.features | {"containment"}
        return replace(self, features=features, responders=self.responders or WantedGroup(name=_RESPONDERS))

    @property
    def endpoint(self) -> str:
        return f"{self.public_url.rstrip('/')}/api/messages"


def read_plan(text: str) -> Wanted:
    """The plan in a file's text.

    Raises:
        FaultyPlanError: naming every fault.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise FaultyPlanError(f"it is no TOML: {broken}") from broken
    reader = _Reader(given)
    plan = _read(reader)
    if reader.faults:
        raise FaultyPlanError("\n".join(reader.faults))
    return plan


def written(key: str, answers: Mapping[str, str | tuple[str, ...]] | None = None) -> str:
    """A plan with a key of its own: with these answers (names as in `QUESTIONS`), the rest as defaults to change.
    Without responders nobody may contain, so that feature, and the second app with it, is left out."""
    values = {one.name: () if one.many else one.default for one in QUESTIONS} | dict(answers or {})
    out = () if answers is None or values["responders"] else ("containment",)
    features = "\n".join(
        f'  {"# " * (name in out)}"{name}",{" " * (14 - len(name))}# {said}' for name, said in FEATURES.items()
    )
    texts = {name: _toml(value) for name, value in values.items()}
    bot = _BOT if values["subscription"] else ""
    return (_PLAN + bot + _PACKAGE).format(key=key, features=features, **texts)


def _toml(value: str | tuple[str, ...]) -> str:
    """A basic string of TOML is written as one of JSON."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"[{', '.join(map(_toml, value))}]"


_PLAN = """\
# What `python app.py setup` makes. No secret belongs here; keep the file: a later run reads it again.
key = "{key}"   # marks what is made; leave it as it is
tenant = {tenant}
public_url = {public_url}
name = "Sendwell"
credential = {credential}
# Take away what you do not want; the least is none.
features = [
{features}
]

[approvers]   # who may decide; with id = "…" in place of the name, a group that is there
name = "Sendwell approvers"
members = {approvers}

[responders]   # who may contain an account; only for the feature "containment"
name = "Sendwell responders"
members = {responders}
"""
_BOT = """
[bot]   # the Azure Bot; without this section it is made by hand
subscription = {subscription}
resource_group = {resource_group}
region = {region}
name = "sendwell-bot"
"""
_PACKAGE = """
[package]   # what people see of the Teams app
SENDWELL_DEVELOPER_NAME = {developer}
SENDWELL_DEVELOPER_URL = {website}
SENDWELL_PRIVACY_URL = {privacy}
SENDWELL_TERMS_URL = {terms}
"""


def _read(reader: "_Reader") -> Wanted:
    features = frozenset(reader.texts("features", _WORD, "words"))
    for strange in sorted(features - set(FEATURES)):
        reader.faults.append(f"features: there is no “{strange}”, only {', '.join(FEATURES)}.")
    responders = reader.group("responders") if "containment" in features else None
    return Wanted(
        key=reader.text("key", _KEY, "the key that the example was made with"),
        tenant=reader.text("tenant", _GUID, "the directory (tenant) id, a GUID"),
        public_url=reader.https("public_url"),
        name=reader.text("name", _NAME, "a name"),
        certificate=reader.text("credential", _CREDENTIAL, "certificate or secret") != "secret",
        features=features,
        approvers=reader.group("approvers"),
        responders=responders,
        bot=reader.bot(),
        package=reader.package(),
    )


class _Reader:
    """Reads a plan, and remembers what is wrong with it."""

    def __init__(self, given: Mapping[str, Any], where: str = "", faults: list[str] | None = None) -> None:
        self._given, self._where = given, where
        self.faults: list[str] = [] if faults is None else faults

    def text(self, name: str, shape: re.Pattern[str], meant: str) -> str:
        value = self._given.get(name)
        if isinstance(value, str) and shape.fullmatch(value):
            return value
        self.faults.append(f"{self._where}{name}: set it to {meant}.")
        return ""

    def texts(self, name: str, shape: re.Pattern[str], meant: str) -> tuple[str, ...]:
        values = self._given.get(name, [])
        if isinstance(values, list) and all(isinstance(one, str) and shape.fullmatch(one) for one in values):
            return tuple(dict.fromkeys(values))
        self.faults.append(f"{self._where}{name}: set it to a list of {meant}.")
        return ()

    def https(self, name: str) -> str:
        given = self._given.get(name)
        value = given if isinstance(given, str) else ""
        if fault := address_fault(value):
            self.faults.append(f"{self._where}{name}: set it to {fault}.")
        return value

    def group(self, name: str) -> WantedGroup:
        inner = self._section(name)
        if "id" in inner._given:
            return WantedGroup(name="", id=inner.text("id", _GUID, "a group's object id"), members=())
        return WantedGroup(
            name=inner.text("name", _NAME, "a name for the group"),
            members=inner.texts("members", _ADDRESS, "user names, such as bo@contoso.com"),
        )

    def bot(self) -> WantedBot | None:
        if "bot" not in self._given:
            return None
        inner = self._section("bot")
        return WantedBot(
            subscription=inner.text("subscription", _GUID, "the subscription's id, a GUID"),
            resource_group=inner.text("resource_group", _RESOURCE_GROUP, "a resource group"),
            name=inner.text("name", _BOT_NAME, "4 to 42 letters, digits, - and _"),
            region=str(inner._given.get("region", "")),
        )

    def package(self) -> Mapping[str, str]:
        given = self._section("package")._given if "package" in self._given else {}
        for name, value in given.items():
            if not _PACKAGE_NAME.fullmatch(name):
                self.faults.append(f"package.{name}: is no setting of the Teams package.")
            elif str(value) != str(value).strip().strip("'\"") or not str(value).isprintable():
                self.faults.append(f"package.{name}: set it to one line without quotes around it.")
        return {name: str(value) for name, value in given.items()}

    def _section(self, name: str) -> "_Reader":
        value = self._given.get(name)
        if not isinstance(value, dict):
            self.faults.append(f"[{name}] is missing.")
            value = {}
        return _Reader(value, f"{name}.", self.faults)
