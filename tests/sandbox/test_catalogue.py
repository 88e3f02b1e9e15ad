"""The package as it is made goes through the sandbox's catalogue, which refuses what the admin centre refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from manifest.package import filled_manifest, zipped
from sandbox import Sandbox
from sandbox.catalogue import PackageRefused
from sandbox.people import APP_ID, PEOPLE, TEAMS_APP
from tests.sandbox.test_strict import Client, talking_to

DAN = PEOPLE["dan"]


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with Sandbox(data=tmp_path) as box, talking_to(box) as client:
        yield client


def made(**settings: str) -> dict[str, object]:
    return filled_manifest({"MicrosoftAppId": APP_ID, **settings})


async def installs(client: Client) -> int:
    """The status with which Graph answers an app that installs itself for Dan."""
    client.box.tenant.accounts["dan"].installed = False
    graph = client.environment["SENDWELL_GRAPH_URL"]
    body = {"teamsApp@odata.bind": f"{graph}/v1.0/appCatalogs/teamsApps/{TEAMS_APP}"}
    return (await client.graph(f"/v1.0/users/{DAN.id}/teamwork/installedApps", "POST", body))[0]


async def test_the_package_is_taken_and_lets_the_app_install_itself(client: Client) -> None:
    catalogue = client.box.tenant.catalogue
    catalogue.upload(zipped(made()))
    assert await installs(client) == 200
    with pytest.raises(PackageRefused, match="must be higher"):
        catalogue.upload(zipped(made()))
    nameless = made(SENDWELL_PACKAGE_VERSION="1.0.1")
    del nameless["webApplicationInfo"]
    catalogue.upload(zipped(nameless))
    assert await installs(client) == 403


async def test_a_package_without_channel_features_is_refused(client: Client) -> None:
    manifest = made()
    del manifest["supportsChannelFeatures"]
    with pytest.raises(PackageRefused, match="supportsChannelFeatures"):
        client.box.tenant.catalogue.upload(zipped(manifest))
