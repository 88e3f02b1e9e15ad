"""What the Teams admin centre demands of an app package beyond the manifest's JSON schema, as a table of rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from manifest import checks, icon_checks
from manifest.app_package import AppPackage

_CATALOGUE = "https://learn.microsoft.com/graph/api/teamsapp-publish"
_MANIFEST = "https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema"
_PACKAGE = "https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package"
_INSTALLS = "https://learn.microsoft.com/microsoftteams/platform/graph-api/proactive-bots-and-messages/graph-proactive-bots-and-messages"
_STORE = "https://learn.microsoft.com/microsoftteams/platform/concepts/deploy-and-publish/appsource/prepare/teams-store-validation-guidelines"
_ADMIN_CENTRE = "the admin centre's own words: with manifest version 1.25 or higher, for the scope 'team'"
_OURS = "our own: written down nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One demand. `name`: the catalogue's own code where it has one. `source`: where it is written down. A rule that
    does not refuse is told, and the package is made."""

    name: str
    source: str
    check: Callable[[AppPackage], Iterator[str]]
    refuses: bool = True


RULES = (
    Rule(name="Serialization_FileMissing", source=_CATALOGUE, check=checks.files),
    Rule(name="Unreplaced placeholder", source=_OURS, check=checks.placeholders),
    Rule(name="CommonSchemaUrlIsRequiredField", source=_CATALOGUE, check=checks.schema_version),
    Rule(name="CommonAppIdIsNotGuid", source=_CATALOGUE, check=checks.app_id),
    Rule(name="BotIdIsNotGuid", source=_CATALOGUE, check=checks.bot_id),
    Rule(name="supportsChannelFeatures", source=_ADMIN_CENTRE, check=checks.channel_features),
    Rule(name="webApplicationInfo", source=_INSTALLS, check=checks.installs_itself),
    Rule(name="VersionContainsOnlyNumbersDotSeparated", source=_CATALOGUE, check=checks.version),
    Rule(name="Version grows", source=_MANIFEST, check=checks.version_grows),
    Rule(name="InvalidColorIconHeightAndWidth", source=_CATALOGUE, check=icon_checks.color_icon),
    Rule(name="InvalidOutlineIconHeightAndWidth", source=_CATALOGUE, check=icon_checks.outline_icon),
    Rule(name="InvalidOutlineIconTransparency", source=_PACKAGE, check=icon_checks.outline_is_white),
    Rule(name="ShortNameLengthCheck", source=_MANIFEST, check=checks.name),
    Rule(name="ShortNameEqualsReservedName", source=_CATALOGUE, check=checks.reserved_name),
    Rule(name="FullDescriptionLengthCheck", source=_MANIFEST, check=checks.description),
    Rule(name="DeveloperPrivacyUrlMustBeHttps", source=_CATALOGUE, check=checks.developer),
    Rule(name="Domains of your own", source=_STORE, check=checks.domains),
    Rule(name="Commands", source=_MANIFEST, check=checks.commands),
    Rule(name="Command twice", source=_OURS, check=checks.command_twice, refuses=False),
    Rule(name="Name of a brand", source=_STORE, check=checks.brand_in_name, refuses=False),
    Rule(name="Placeholders people see", source=_OURS, check=checks.developer_is_real, refuses=False),
)


def faults(package: AppPackage) -> list[str]:
    """Why the admin centre would refuse the package; empty if it would take it."""
    return [fault for rule in RULES if rule.refuses for fault in rule.check(package)]


def cautions(package: AppPackage) -> list[str]:
    """What the admin centre takes, and people may stumble over."""
    return [caution for rule in RULES if not rule.refuses for caution in rule.check(package)]
