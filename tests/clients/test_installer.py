"""Installing the app for somebody, with Graph's recorded responses."""

from typing import Any

import pytest

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.installer import TeamsInstaller
from services.clients.http import ApiClient
from services.domain.people import PersonId
from services.ports.errors import Unavailable, Unreachable
from tests.service import Script, Service, says

PERSON = PersonId("aaaaaaaa-0001-4000-8000-000000000001")
INSTALLED = says({"value": [{"id": "i1"}]})
CHAT = says({"id": "19:chat@unq.gbl.spaces"})


@pytest.fixture
def installer(api: ApiClient) -> TeamsInstaller:
    return TeamsInstaller(GraphDirectory(api), api, "https://graph.example", "app-1")


@pytest.mark.parametrize("made", [says({}, 201), says({}, 409)])
async def test_installed_or_there_already_the_chat_is_found(
    installer: TeamsInstaller, service: Service, made: Script
) -> None:
    service.answers(made, INSTALLED, CHAT)
    assert await installer.chat_with(PERSON) == "19:chat@unq.gbl.spaces"
    install, found, chat = service.asked
    assert install.json == {"teamsApp@odata.bind": "https://graph.example/v1.0/appCatalogs/teamsApps/app-1"}
    assert found.query == {"$expand": "teamsApp", "$filter": "teamsApp/id eq 'app-1'"}
    assert chat.path.endswith("/installedApps/i1/chat")


@pytest.mark.parametrize(
    ("scripts", "error"),
    [
        ([says({}, 403)], Unreachable),
        ([says({}, 404)], Unreachable),
        ([says({}, 503)], Unavailable),
        ([says({}, 400)], Unavailable),
        ([says({}, 201), says({"value": []})], Unavailable),
        ([says({}, 201), says({"value": ["x"]})], Unavailable),
        ([says({}, 201), INSTALLED, says({"id": 7})], Unavailable),
        ([says({}, 201), INSTALLED, says({}, 404)], Unreachable),
    ],
)
async def test_who_cannot_be_reached_and_who_can_be_later(
    installer: TeamsInstaller, service: Service, scripts: list[Any], error: type[Exception]
) -> None:
    service.answers(*scripts)
    with pytest.raises(error):
        await installer.chat_with(PERSON)


async def test_without_an_app_to_install_nothing_is_asked(api: ApiClient, service: Service) -> None:
    with pytest.raises(Unreachable):
        await TeamsInstaller(GraphDirectory(api), api, "https://graph.example", None).chat_with(PERSON)
    assert service.asked == []
