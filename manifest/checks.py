"""The checks behind the rules of the admin centre. Each yields what is wrong, and what to do about it."""

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from manifest.app_package import AppPackage, objects
from manifest.settings import DEFAULT_DEVELOPER, PACKAGE_VERSION

_GUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|\{\{[^}]*\}\}|%[A-Z][A-Z_-]+%")
_TUNNELS = ("ngrok.io", "ngrok.app", "ngrok-free.app", "devtunnels.ms", "loca.lt")
_SHARED = (
    *_TUNNELS,
    "onmicrosoft.com",
    "azurewebsites.net",
    "azurestaticapps.net",
    "azurecontainerapps.io",
    "azure-api.net",
    "azurefd.net",
    "trafficmanager.net",
    "cloudapp.azure.com",
    "sharepoint.com",
    "github.io",
    "herokuapp.com",
)
"""Domains under which anybody may have a host."""
_NOBODYS = ("localhost", "example.com", "example.org", "example.net", "example", "invalid", "test", "local")
"""Names that lead nowhere (RFC 2606, RFC 6761) or to the reader's own machine."""
_ADDRESSES = {
    "websiteUrl": "SENDWELL_DEVELOPER_URL",
    "privacyUrl": "SENDWELL_PRIVACY_URL",
    "termsOfUseUrl": "SENDWELL_TERMS_URL",
}
_RESERVED = ("Chat", "Contacts", "Calendar", "Calls", "Files", "Activity", "Apps", "Help")
_BRANDS = ("Teams", "Microsoft", "Excel", "PowerPoint", "Word", "OneDrive", "SharePoint", "OneNote", "Azure", "Outlook")


def files(package: AppPackage) -> Iterator[str]:
    named = [package.text("icons", kind) for kind in ("color", "outline")]
    for name in ["manifest.json", *named]:
        if name not in package.files:
            yield f"{name or 'An icon'} is not at the root of the package: put it there, in no folder."
    for name in sorted(set(package.files) - {"manifest.json", *named}):
        yield f"{name} does not belong into the package: it holds the manifest and its two icons. Leave it out."


def schema_version(package: AppPackage) -> Iterator[str]:
    schema, version = package.text("$schema"), package.text("manifestVersion")
    if not version or f"/v{version}/" not in schema:
        yield f"manifestVersion {version!r} and $schema {schema!r} are not of one version: make them so."


def app_id(package: AppPackage) -> Iterator[str]:
    if not _GUID.fullmatch(package.text("id")):
        yield "id is no GUID: set MicrosoftAppId to the bot's app id, as Entra shows it."


def bot_id(package: AppPackage) -> Iterator[str]:
    if not _GUID.fullmatch(str(package.bot.get("botId"))):
        yield "botId is no GUID: set MicrosoftAppId to the bot's app id, as Entra shows it."


def channel_features(package: AppPackage) -> Iterator[str]:
    version = tuple(int(part) for part in re.findall(r"\d+", package.text("manifestVersion"))[:2])
    scopes = package.bot.get("scopes")
    if version >= (1, 25) and "team" in (scopes or ()) and package.text("supportsChannelFeatures") != "tier1":
        yield 'A bot for teams must say "supportsChannelFeatures": "tier1" from manifest 1.25 on: add it at the root.'


def installs_itself(package: AppPackage) -> Iterator[str]:
    """The bot installs itself for people it has to reach, which Graph allows the app that the manifest names."""
    if package.text("webApplicationInfo", "id") != package.bot.get("botId"):
        yield "webApplicationInfo.id is not the bot's app id: without it the bot cannot install itself for a person."
    if not package.text("webApplicationInfo", "resource"):
        yield "webApplicationInfo has no resource: give it any address, since no single sign-on is used."


def version(package: AppPackage) -> Iterator[str]:
    match = _VERSION.fullmatch(package.text("version"))
    if not match:
        yield f"version is not of the form 1.2.3, numbers alone: set {PACKAGE_VERSION} so."
    elif match[1] == "0":
        yield f"version begins with 0, which no catalogue takes: set {PACKAGE_VERSION} to 1.0.0 or higher."


def version_grows(package: AppPackage) -> Iterator[str]:
    before, now = (_VERSION.fullmatch(str(manifest.get("version"))) for manifest in (package.before, package.manifest))
    if before is None or now is None or package.before.get("id") != package.manifest.get("id"):
        return
    if any(developer_is_real(AppPackage(files={}, manifest=package.before))):
        return  # the one before held placeholders: it was a first try, and nobody uploads it
    old, new = ([int(part) for part in match.groups()] for match in (before, now))
    if new < old or (new == old and package.before != package.manifest):
        higher = f"{old[0]}.{old[1]}.{old[2] + 1}"
        yield (
            f"It differs from the package before, yet its version {now[0]} is not higher than {before[0]}, so Teams "
            f"would keep the old one: set {PACKAGE_VERSION} to {higher}, or delete the old file if nobody uploaded it."
        )


def name(package: AppPackage) -> Iterator[str]:
    short, full = package.text("name", "short"), package.text("name", "full")
    yield from _length("name.short", short, 30)
    yield from _length("name.full", full, 100)
    if short == full:
        yield "name.short and name.full are the same: they must differ."


def reserved_name(package: AppPackage) -> Iterator[str]:
    if package.text("name", "short") in _RESERVED:
        yield f"name.short is the name of a part of Teams ({', '.join(_RESERVED)}): choose another."


def brand_in_name(package: AppPackage) -> Iterator[str]:
    words = set(re.findall(r"\w+", package.text("name", "short")))
    for brand in sorted(words & set(_BRANDS)):
        yield f"name.short contains {brand}: an app must not look as if it were Microsoft's."


def description(package: AppPackage) -> Iterator[str]:
    short, full = package.text("description", "short"), package.text("description", "full")
    yield from _length("description.short", short, 80)
    yield from _length("description.full", full, 4_000)
    if short and short in full:
        yield "description.full repeats description.short: say something else there."


def developer(package: AppPackage) -> Iterator[str]:
    yield from _length("developer.name", package.text("developer", "name"), 32)
    for field, setting in _ADDRESSES.items():
        address = package.text("developer", field)
        yield from _length(f"developer.{field}", address, 2_048)
        if not address.startswith("https://") or not urlsplit(address).hostname:
            yield f"developer.{field} is no https address: set {setting}."


def developer_is_real(package: AppPackage) -> Iterator[str]:
    if package.text("developer", "name") == DEFAULT_DEVELOPER:
        yield "developer.name is a placeholder that people can see: set SENDWELL_DEVELOPER_NAME."
    for field, setting in _ADDRESSES.items():
        host = urlsplit(package.text("developer", field)).hostname or ""
        if _is_nobodys(host):
            yield f"developer.{field} leads to {host}, a placeholder or nothing that others reach: set {setting}."


def domains(package: AppPackage) -> Iterator[str]:
    listed = package.manifest.get("validDomains")
    for domain in listed if isinstance(listed, list) else []:
        name = str(domain)
        plain = name.replace("*.", "")
        if not _HOST.fullmatch(plain) or _is_nobodys(plain):
            yield f"validDomains holds {name!r}, which is no host name of the internet: no scheme, port or path either."
        elif ("*" in name and plain.casefold() in _SHARED) or plain.casefold().endswith(_TUNNELS):
            yield f"validDomains holds {name!r}, under which others have hosts too: name your own host alone."


def commands(package: AppPackage) -> Iterator[str]:
    for menu in objects(package.bot.get("commandLists")):
        titles = [str(command.get("title", "")) for command in objects(menu.get("commands"))]
        if len(titles) > 10:
            yield f"A menu has {len(titles)} commands: Teams shows 10."
        for command in objects(menu.get("commands")):
            yield from _length("A command's title", str(command.get("title", "")), 32)
            yield from _length("A command's description", str(command.get("description", "")), 128)


def command_twice(package: AppPackage) -> Iterator[str]:
    for menu in objects(package.bot.get("commandLists")):
        titles = Counter(str(command.get("title", "")).casefold() for command in objects(menu.get("commands")))
        for title, count in titles.items():
            if count > 1:
                yield f"The command {title!r} stands {count} times in one menu: keep one."


def placeholders(package: AppPackage) -> Iterator[str]:
    for left in sorted(set(_PLACEHOLDER.findall(package.files.get("manifest.json", b"").decode(errors="replace")))):
        yield f"{left} was not replaced: it is no setting of the package."


def _length(what: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"{what} is empty: write it."
    elif len(text) > most:
        yield f"{what} has {len(text)} characters: {most} are allowed."


def _is_nobodys(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host in _NOBODYS or host.endswith(tuple(f".{end}" for end in _NOBODYS))
