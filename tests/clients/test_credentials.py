"""The bot's credentials at a login that verifies them as Entra does: taken, refused with what to do, and rotated."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import APP_ID, RESPONDER_APP_ID
from sandbox.registrations import Registration
from services.clients.http import trust
from services.clients.tokens import MsalTokens
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.settings import read_settings
from tests.certificates import AppCertificate, app_certificate

CONNECTOR = "https://api.botframework.com/.default"
OLD, NEW = "sendwell-2026", "sendwell-2027"


class Bot:
    """The bot's tokens, with the settings of the sandbox and some of its own."""

    def __init__(self, box: Sandbox, folder: Path, stack: ExitStack) -> None:
        self.box = box
        self.file = folder / "credential"
        self._stack = stack

    @property
    def app(self) -> Registration:
        """The app registration in Entra."""
        return self.box.tenant.apps[APP_ID]

    @property
    def graph(self) -> str:
        return f"{self.box.environment['SENDWELL_GRAPH_URL']}/.default"

    def starts(self, **settings: str) -> MsalTokens:
        read = read_settings({**self.box.environment, **settings})
        tokens = MsalTokens(read.bot, trust(read.ca_files))
        self._stack.callback(tokens.close)
        return tokens

    def starts_with_certificate(self, name: str = OLD, *, ended: bool = False) -> MsalTokens:
        self.file.write_bytes(app_certificate(name, ended=ended).pem)
        return self.starts(MicrosoftAppPassword="", SENDWELL_CERTIFICATE_FILE=str(self.file))

    def starts_with_secret_file(self, secret: str) -> MsalTokens:
        self.file.write_text(f"{secret}\n", encoding="utf-8")
        return self.starts(MicrosoftAppPassword="", MicrosoftAppPassword_FILE=str(self.file))

    def registers(self, name: str, *, ended: bool = False) -> None:
        """Entra knows this certificate, and no other credential of the app."""
        self.app.take_credentials_away()
        self.app.add_certificate(app_certificate(name, ended=ended).certificate)


def takes(box: Sandbox, token: str, scope: str) -> bool:
    """Whether the service of that scope takes the token."""
    return box.login.roles_of(f"Bearer {token}", scope.removesuffix("/.default")) is not None


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with Sandbox(data=tmp_path) as box:
        with ExitStack() as stack:
            yield Bot(box, tmp_path, stack)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the operator was told since this was last asked."""
    caplog.set_level(logging.INFO, "sendwell.login")

    def since() -> list[str]:
        said = [record.getMessage() for record in caplog.records if record.name == "sendwell.login"]
        caplog.clear()
        return said

    return since


async def test_a_registered_certificate_gets_tokens_for_every_service(bot: Bot) -> None:
    bot.registers(OLD)
    tokens = bot.starts_with_certificate()
    exchange = f"{bot.box.environment['SENDWELL_EXCHANGE_URL']}/.default"
    for scope in (bot.graph, exchange, CONNECTOR):
        assert takes(bot.box, await tokens.token(scope), scope)


async def test_how_long_a_certificate_is_valid_and_a_token_is_used_can_be_watched(bot: Bot) -> None:
    bot.registers(OLD)
    tokens = bot.starts_with_certificate()
    until = tokens.certificate_until()
    assert until is not None
    assert timedelta(days=28) < until - datetime.now(UTC) < timedelta(days=31)
    assert tokens.used_for() == {}
    await tokens.token(CONNECTOR)
    (service, seconds), *others = tokens.used_for().items()
    assert (service, others) == ("api.botframework.com", [])
    assert 0 < seconds <= 3_600
    assert bot.starts().certificate_until() is None  # nobody tells an app when its secret ends


def wrong_secret(bot: Bot) -> MsalTokens:
    return bot.starts(MicrosoftAppPassword="0d5c9a1e")


def expired_secret(bot: Bot) -> MsalTokens:
    bot.app.add_secret("of-last-year", ends=time.time() - 60)
    return bot.starts(MicrosoftAppPassword="of-last-year")


def wrong_secret_file(bot: Bot) -> MsalTokens:
    return bot.starts_with_secret_file("0d5c9a1e")


def unregistered_certificate(bot: Bot) -> MsalTokens:
    bot.registers(NEW)
    return bot.starts_with_certificate(OLD)


def expired_certificate(bot: Bot) -> MsalTokens:
    bot.registers(OLD, ended=True)
    return bot.starts_with_certificate(OLD, ended=True)


def other_clock(bot: Bot) -> MsalTokens:
    bot.registers(OLD)
    bot.box.login.clock_ahead = 3_600
    return bot.starts_with_certificate(OLD)


def unknown_app(bot: Bot) -> MsalTokens:
    return bot.starts(MicrosoftAppId="5a4d8f2e-0000-4000-8000-00000000dead")


def unknown_tenant(bot: Bot) -> MsalTokens:
    return bot.starts(MicrosoftAppTenantId="5a4d8f2e-0000-4000-8000-00000000dead")


@pytest.mark.parametrize(
    ("starts", "code", "advice"),
    [
        (wrong_secret, 7000215, "the secret's value, not its id, into MicrosoftAppPassword."),
        (wrong_secret_file, 7000215, "the secret's value, not its id, into MicrosoftAppPassword_FILE."),
        (expired_secret, 7000222, "Create a new one in Entra"),
        (unregistered_certificate, 700027, "SENDWELL_CERTIFICATE_FILE is not registered"),
        (expired_certificate, 700027, "SENDWELL_CERTIFICATE_FILE has expired"),
        (other_clock, 700024, "Set the clock by a time server."),
        (unknown_app, 700016, "Compare MicrosoftAppId"),
        (unknown_tenant, 90002, "Set MicrosoftAppTenantId"),
    ],
)
async def test_a_refusal_says_what_to_do(
    bot: Bot, told: Callable[[], list[str]], starts: Callable[[Bot], MsalTokens], code: int, advice: str
) -> None:
    tokens = starts(bot)
    for scope in (bot.graph, CONNECTOR, bot.graph):
        with pytest.raises(Unavailable) as trouble:
            await tokens.token(scope)
        assert trouble.value.reason is UnknownReason.NO_PERMISSION
        assert f"AADSTS{code}" in trouble.value.detail
        assert advice in trouble.value.detail
    said = told()
    assert len(said) == 1  # not once a request
    assert advice in said[0]


async def test_a_second_apps_refusal_names_its_own_settings(bot: Bot) -> None:
    bot.box.tenant.apps[RESPONDER_APP_ID].take_credentials_away()
    read = read_settings(bot.box.environment)
    tokens = MsalTokens(read.responder, trust(read.ca_files))
    with pytest.raises(Unavailable, match="into SENDWELL_RESPONDER_APP_PASSWORD"):
        await tokens.token(bot.graph)
    tokens.close()


async def test_a_new_certificate_is_taken_up_without_a_restart(bot: Bot, told: Callable[[], list[str]]) -> None:
    bot.registers(OLD)
    tokens = bot.starts_with_certificate(OLD)
    first = await tokens.token(CONNECTOR)
    bot.file.write_bytes(app_certificate(NEW).pem)
    bot.registers(NEW)
    assert await tokens.token(CONNECTOR) == first  # a token that is valid is not asked for anew
    await tokens.token(bot.graph)
    await tokens.renew(CONNECTOR, first)
    assert await tokens.token(CONNECTOR) != first
    assert told() == ["The credential's file has changed: the new one is used from now on."]


async def test_a_new_secret_is_taken_up_without_a_restart(bot: Bot) -> None:
    tokens = bot.starts_with_secret_file("of-this-year")
    bot.app.add_secret("of-this-year")
    await tokens.token(CONNECTOR)
    bot.app.take_credentials_away()
    bot.app.add_secret("of-next-year")
    bot.file.write_text("of-next-year", encoding="utf-8")
    await tokens.token(bot.graph)


async def test_a_new_certificate_that_entra_does_not_know_yet_waits_for_it(
    bot: Bot, told: Callable[[], list[str]]
) -> None:
    bot.registers(OLD)
    tokens = bot.starts_with_certificate(OLD)
    token = await tokens.token(CONNECTOR)
    bot.file.write_bytes(app_certificate(NEW).pem)
    for _ in range(2):
        await tokens.renew(CONNECTOR, token)
        token = await tokens.token(CONNECTOR)  # in the old one's name
    _, refused = told()
    assert "the one before is used meanwhile" in refused
    assert "is not registered with the app" in refused
    bot.registers(NEW)
    await tokens.renew(CONNECTOR, token)
    await tokens.token(CONNECTOR)
    assert told() == []


def cut_off(new: AppCertificate) -> bytes:
    return new.pem[:1_000]


def key_alone(new: AppCertificate) -> bytes:
    return new.key


def empty(_: AppCertificate) -> bytes:
    return b""


@pytest.mark.parametrize("written", [empty, cut_off, key_alone])
async def test_a_certificate_file_half_written_changes_nothing(
    bot: Bot, told: Callable[[], list[str]], written: Callable[[AppCertificate], bytes]
) -> None:
    bot.registers(OLD)
    tokens = bot.starts_with_certificate(OLD)
    bot.file.write_bytes(written(app_certificate(NEW)))
    await tokens.token(CONNECTOR)
    await tokens.token(bot.graph)
    (said,) = told()
    assert "SENDWELL_CERTIFICATE_FILE is not usable" in said
    assert "The one that was read before stays in use." in said


async def test_a_key_beside_another_certificate_is_not_used(bot: Bot, told: Callable[[], list[str]]) -> None:
    bot.registers(OLD)
    tokens = bot.starts_with_certificate(OLD)
    bot.file.write_bytes(app_certificate(NEW).key + app_certificate(OLD).certificate)
    await tokens.token(CONNECTOR)
    assert "SENDWELL_CERTIFICATE_FILE is not usable" in told()[0]
    bot.file.unlink()
    await tokens.token(bot.graph)
    assert "SENDWELL_CERTIFICATE_FILE is not usable" in told()[0]


@pytest.mark.parametrize("content", ["", "two\nlines\n", "half-of-the-ne"])
async def test_a_secret_file_half_written_changes_nothing(
    bot: Bot, told: Callable[[], list[str]], content: str
) -> None:
    bot.app.add_secret("of-this-year")
    tokens = bot.starts_with_secret_file("of-this-year")
    await tokens.token(CONNECTOR)
    bot.file.write_text(content, encoding="utf-8")
    await tokens.token(bot.graph)
    assert "MicrosoftAppPassword_FILE" in told()[-1]
    bot.app.take_credentials_away()
    bot.app.add_secret("half-of-the-new-one")
    bot.file.write_text("half-of-the-new-one", encoding="utf-8")
    await tokens.token(f"{bot.box.environment['SENDWELL_EXCHANGE_URL']}/.default")


async def test_a_chain_is_searched_for_the_certificate_of_the_key(bot: Bot) -> None:
    bot.registers(OLD)
    bot.file.write_bytes(app_certificate(NEW).certificate + app_certificate(OLD).pem)
    tokens = bot.starts(MicrosoftAppPassword="", SENDWELL_CERTIFICATE_FILE=str(bot.file))
    await tokens.token(CONNECTOR)


async def test_the_login_is_asked_again_only_after_a_refusal(bot: Bot, told: Callable[[], list[str]]) -> None:
    tokens = bot.starts(MicrosoftAppPassword="of-next-year")
    await tokens.ping()  # never asked, so nothing is known to be wrong
    with pytest.raises(Unavailable):
        await tokens.token(CONNECTOR)
    with pytest.raises(Unavailable, match="The client secret is wrong"):
        await tokens.ping()
    bot.app.add_secret("of-next-year")
    await tokens.ping()
    assert len(told()) == 1
    bot.app.take_credentials_away()
    await tokens.renew(CONNECTOR, await tokens.token(CONNECTOR))
    with pytest.raises(Unavailable):
        await tokens.token(CONNECTOR)
    assert len(told()) == 1  # it is told anew, since it was over in between


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Sets the variables that a platform of Azure sets for its apps."""

    def sets(environment: dict[str, str]) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return sets


@pytest.mark.parametrize("kind", ["app service", "virtual machine"])
async def test_a_managed_identity_gets_tokens_from_the_platform(
    tmp_path: Path, platform: Callable[[dict[str, str]], None], kind: str
) -> None:
    async with Sandbox(data=tmp_path, managed_identity=True) as box:
        with ExitStack() as stack:
            assert box.identity is not None
            service = {name: box.environment[name] for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")}
            platform(service if kind == "app service" else {"AZURE_POD_IDENTITY_AUTHORITY_HOST": box.identity.base_url})
            platform({"HTTP_PROXY": "http://localhost:9"})  # the platform's endpoint is on this host
            bot = Bot(box, tmp_path, stack)
            bot.app.take_credentials_away()
            tokens = bot.starts()
            for scope in (bot.graph, CONNECTOR):
                assert takes(box, await tokens.token(scope), scope)
            stranger = bot.starts(MicrosoftAppId=RESPONDER_APP_ID)
            with pytest.raises(Unavailable, match="whose client id is MicrosoftAppId") as trouble:
                await stranger.token(CONNECTOR)
            assert trouble.value.reason is UnknownReason.NO_PERMISSION
