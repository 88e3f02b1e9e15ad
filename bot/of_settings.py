"""Neighbours and links as the settings describe them."""

from cards.view import Links
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.installer import TeamsInstaller
from services.clients.graph.mentions import MembersMentioned, TagMentioned
from services.clients.graph.others_mentioned import OthersMentioned
from services.clients.http import ApiClient
from services.clouds import Feature
from services.domain.mention import Mention
from services.ports.clock import Clock
from services.ports.teams import Mentions
from services.settings import Settings


def installer(settings: Settings, api: ApiClient) -> TeamsInstaller:
    installs = Feature.APP_INSTALLATION not in settings.cloud.lacks
    return TeamsInstaller(GraphDirectory(api), api, settings.graph_url, settings.teams_app if installs else None)


def mentions(settings: Settings, graph: GraphDirectory, clock: Clock) -> Mentions | None:
    if isinstance(settings.mention, Mention):
        return TagMentioned(settings.mention)
    most = settings.mention
    return MembersMentioned(graph, settings.approvers_group, most, clock) if most else None


def others(settings: Settings, graph: GraphDirectory, clock: Clock) -> Mentions | None:
    escalation = settings.timing.rules.escalation
    return OthersMentioned(graph, escalation, clock) if escalation else None


def deciding_groups(settings: Settings) -> dict[str, str]:
    """The groups whose members decide, by the names of their settings."""
    responders = settings.responders_group
    return {
        "SENDWELL_APPROVERS_GROUP_ID": settings.approvers_group,
        **({"SENDWELL_RESPONDERS_GROUP_ID": responders} if responders else {}),
    }


def links(settings: Settings) -> Links:
    cloud = settings.cloud
    return Links(
        password_reset=settings.password_reset_url,
        security_info=settings.security_info_url,
        helpdesk=settings.helpdesk,
        restricted_entities=f"{cloud.defender_url}/restrictedentities",
        anti_spam=f"{cloud.defender_url}/antispam",
        support=cloud.admin_url,
        teams=cloud.teams_url,
    )
