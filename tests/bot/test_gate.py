"""Authentication of requests over real HTTP: one row for each kind of request."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
import pytest_asyncio
from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.web import RequestLimits
from dialogs.conversations.inbound import Clicked
from tests.bot.door import APP, ISSUER, KEY, SERVICE_URL, TENANT, Doorway, Key, activity, claims, doorway, token
from tests.service import says

STRANGER = Key("good")  # the right key id, another key
UNENDORSED, ELSEWHERE = Key("bare", endorsements=None), Key("else", endorsements=("webchat", "skype"))
EMPTY, ODD = Key("empty", endorsements=()), Key("odd", endorsements=("MSTEAMS", "msteamsx"))
NOW = int(time.time())


def unsigned(header: dict[str, Any], body: dict[str, Any] | None = None) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(body or claims())}."


def public_pem() -> bytes:
    return KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def with_header(**header: Any) -> str:
    """Signed by the good key, with a false header; built by hand, since libraries refuse to make some of these."""
    part = unsigned({"alg": "RS256", "typ": "JWT", **header})[:-1]
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(part.encode(), KEY.private)
    return f"{part}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def hs256() -> str:
    """A token signed with the public key as a shared secret (algorithm confusion)."""
    head, body, _ = unsigned({"alg": "HS256", "kid": "good"}).split(".")
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{head}.{body}".encode(), public_pem()
    )
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


WHOLE = token()
HEAD, BODY, SIGNATURE = WHOLE.split(".")

HEADERS: dict[str, tuple[str | None, int]] = {
    "no header": (None, 401),
    "empty header": ("", 401),
    "only the scheme": ("Bearer", 403),
    "scheme and blank": ("Bearer ", 403),
    "another scheme": (f"Basic {WHOLE}", 403),
    "no scheme": (WHOLE, 403),
    "garbage": ("Bearer garbage", 403),
    "dots": ("Bearer ..", 403),
    "two tokens": (f"Bearer {WHOLE} {WHOLE}", 403),
    "16 kB of token": ("Bearer " + "a" * 7_900 + ".b.c", 403),
    "not ascii": ("Bearer äöü.b.c", 403),
    "two parts": (f"Bearer {HEAD}.{BODY}", 403),
    "no signature": (f"Bearer {HEAD}.{BODY}.", 403),
    "cut signature": (f"Bearer {WHOLE[:-20]}", 403),
    "signature of another": (f"Bearer {HEAD}.{BODY}.{token(STRANGER).split('.')[2]}", 403),
    "changed body": (f"Bearer {HEAD}.{unsigned({}, claims(aud='x')).split('.')[1]}.{SIGNATURE}", 403),
    "header is no object": (f"Bearer W10.{BODY}.{SIGNATURE}", 403),
    "body is no object": (f"Bearer {HEAD}.W10.{SIGNATURE}", 403),
}

TOKENS: dict[str, str] = {
    "alg none": unsigned({"alg": "none", "kid": "good"}),
    "alg None": unsigned({"alg": "None", "kid": "good"}),
    "alg empty": unsigned({"alg": "", "kid": "good"}),
    "alg missing": unsigned({"kid": "good"}),
    "alg a number": unsigned({"alg": 7, "kid": "good"}),
    "alg a list": unsigned({"alg": ["RS256"], "kid": "good"}),
    "HS256 with the public key": hs256(),
    "PS256": token(algorithm="PS256"),
    "RS384": token(algorithm="RS384"),
    "RS512": token(algorithm="RS512"),
    "wrong key, right id": token(STRANGER),
    "key in the header": token(STRANGER, {"jwk": STRANGER.row()}),
    "key by address": token(STRANGER, {"jku": "https://evil.example/keys"}),
    "key by x5u": token(STRANGER, {"x5u": "https://evil.example/cert"}),
    "key id missing": with_header(),
    "key id unknown": with_header(kid="nobody"),
    "key id a path": with_header(kid="../../etc/passwd"),
    "key id an address": with_header(kid="https://evil.example/key"),
    "key id a query": with_header(kid="good' or '1'='1"),
    "key id a list": with_header(kid=["good"]),
    "key id a number": with_header(kid=7),
    "key id null": with_header(kid=None),
    "key id an object": with_header(kid={"good": 1}),
    "key id in another case": with_header(kid="GOOD"),
    "key id with blanks": with_header(kid=" good "),
    "critical extension": with_header(kid="good", crit=["x"], x=1),
    "unencoded payload": with_header(kid="good", b64=False, crit=["b64"]),
    "key without endorsements": token(UNENDORSED),
    "key endorsed for others": token(ELSEWHERE),
    "key endorsed for nobody": token(EMPTY),
    "key oddly endorsed": token(ODD),
    "expired": token(exp=NOW - 3_600),
    "expired beyond the leeway": token(exp=NOW - 400),
    "no exp": token(exp=None),
    "exp a text": token(exp="tomorrow"),
    "exp a list": unsigned({"alg": "RS256", "kid": "good"}, claims(exp=[NOW + 99])),
    "exp for ever": token(exp=1e308),
    "not yet valid": token(nbf=NOW + 3_600),
    "no nbf": token(nbf=None),
    "nbf a text": token(nbf="yesterday"),
    "wrong audience": token(aud="5a4d8f2e-0000-4000-8000-00000000ffff"),
    "no audience": token(aud=None),
    "audience among others": token(aud=[APP, "x"]),
    "audience in a list": token(aud=[APP]),
    "audience in capitals": token(aud=APP.upper()),
    "audience with blank": token(aud=f"{APP} "),
    "audience a number": unsigned({"alg": "RS256", "kid": "good"}, claims(aud=7)),
    "no issuer": token(iss=None),
    "issuer with slash": token(iss=f"{ISSUER}/"),
    "issuer of http": token(iss="http://api.botframework.com"),
    "issuer look-alike": token(iss="https://api.botframework.com.evil.example"),
    "issuer in capitals": token(iss=ISSUER.upper()),
    "emulator of v3.1": token(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", appid=APP),
    "emulator of v3.2": token(iss="https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0"),
    "multi-tenant bot": token(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", azp=APP),
    "our own outbound token": token(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", aud=ISSUER),
    "Entra v1 of our tenant": token(iss=f"https://sts.windows.net/{TENANT}/", tid=TENANT),
    "Entra v2 of our tenant": token(iss=f"https://login.microsoftonline.com/{TENANT}/v2.0", tid=TENANT),
    "government channel": token(iss="https://api.botframework.us"),
    "skill": token(iss=f"https://login.microsoftonline.com/{TENANT}/v2.0", ver="2.0", azp="another"),
    "no service url": token(serviceurl=None),
    "service url empty": token(serviceurl=""),
    "service url a number": token(serviceurl=7),
    "service url a list": token(serviceurl=[SERVICE_URL]),
    "service url of another region": token(serviceurl="https://smba.trafficmanager.net/amer/"),
    "service url elsewhere": token(serviceurl="https://evil.example/"),
}


def at(url: str) -> tuple[dict[str, Any], str]:
    """Posts an activity and a token with the same service URL."""
    return activity(serviceUrl=url), token(serviceurl=url)


BODIES: dict[str, tuple[dict[str, Any], str]] = {
    f"service url {url}": at(url)
    for url in (
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil.example/smba.trafficmanager.net/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://u:p@smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net:8443/emea/",
        "https://smba.trafficmanager.net:x/emea/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/",
        "https://localhost/",
        "https://smba.trafficmanager.net\\@evil.example/",
        "https://sмba.trafficmanager.net/emea/",
        "//smba.trafficmanager.net/emea/",
        "ftp://smba.trafficmanager.net/",
        "https://",
        "https://[",
        " https://smba.trafficmanager.net/emea/",
    )
} | {
    name: (activity(**change), WHOLE)
    for name, change in dict[str, dict[str, Any]](
        {
            "activity without service url": {"serviceUrl": None},
            "activity with empty service url": {"serviceUrl": ""},
            "service url a list": {"serviceUrl": [SERVICE_URL]},
            "another service url": {"serviceUrl": "https://smba.trafficmanager.net/amer/"},
            "no channel": {"channelId": None},
            "empty channel": {"channelId": ""},
            "channel in capitals": {"channelId": "MSTEAMS"},
            "channel with blank": {"channelId": "msteams "},
            "channel a list": {"channelId": ["msteams"]},
            "web chat": {"channelId": "webchat"},
            "direct line": {"channelId": "directline"},
            "emulator": {"channelId": "emulator"},
            "mail": {"channelId": "email"},
            "skype": {"channelId": "skype"},
            "another tenant": {"channelData": {"tenant": {"id": APP}}},
            "no tenant": {"channelData": {}},
            "no channel data": {"channelData": None},
            "channel data a text": {"channelData": TENANT},
            "tenant a text": {"channelData": {"tenant": TENANT}},
            "tenant a number": {"channelData": {"tenant": {"id": 7}}},
            "a conversation of another tenant": {"conversation": {"id": "a:1", "tenantId": APP}},
            "no sender": {"from": None},
            "sender a text": {"from": "ana"},
            "sender without object id": {"from": {"id": "29:x"}},
            "sender with empty object id": {"from": {"id": "29:x", "aadObjectId": ""}},
            "object id no GUID": {"from": {"id": "29:x", "aadObjectId": "ana"}},
            "object id a number": {"from": {"id": "29:x", "aadObjectId": 7}},
            "a bot": {"from": {"id": "28:x", "aadObjectId": APP, "role": "bot"}},
            "a skill": {"from": {"id": "28:x", "aadObjectId": APP, "role": "skill"}},
        }
    ).items()
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door() -> AsyncIterator[Doorway]:
    """One endpoint for all rows, so that a row could profit from an earlier one if the code allowed it."""
    async with doorway(limits=RequestLimits(logged=1_000)) as way:
        way.lists(KEY, UNENDORSED, ELSEWHERE, EMPTY, ODD)
        yield way


def refused(door: Doorway, caplog: pytest.LogCaptureFixture, answer: Any, status: int = 403) -> None:
    came, door.turns.came = door.turns.came, []
    assert (answer, came) == ((status, b""), [])
    assert [record.name for record in caplog.records] == ["sendwell.gate"]
    assert "\n" not in caplog.messages[0]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", HEADERS)
async def test_a_header_that_proves_nothing(door: Doorway, caplog: pytest.LogCaptureFixture, row: str) -> None:
    header, status = HEADERS[row]
    refused(door, caplog, await door.post(authorization=header), status)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", TOKENS)
async def test_a_token_that_is_not_the_connectors(door: Doorway, caplog: pytest.LogCaptureFixture, row: str) -> None:
    refused(door, caplog, await door.post(authorization=f"Bearer {TOKENS[row]}"))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", BODIES)
async def test_a_body_the_token_does_not_cover(door: Doorway, caplog: pytest.LogCaptureFixture, row: str) -> None:
    body, good = BODIES[row]
    refused(door, caplog, await door.post(body, f"Bearer {good}"))


async def test_the_rows_are_a_hundred_and_more() -> None:
    assert len(HEADERS) + len(TOKENS) + len(BODIES) > 110


@pytest.mark.parametrize(
    "body",
    [
        activity(),
        activity(serviceUrl=SERVICE_URL.rstrip("/")),
        activity(channelData={"tenant": {"id": TENANT.upper()}}),
        activity(conversation={"id": "a:1", "conversationType": "personal"}),
    ],
)
async def test_what_teams_sends_comes_in(body: dict[str, Any]) -> None:
    async with doorway() as door:
        assert (await door.post(body, f"Bearer {token()}"))[0] == 200
        assert (await door.post(body, f"bearer {token()}"))[0] == 200
        assert len(door.turns.came) >= 1


@pytest.mark.parametrize("odd", ["\x00", "\ud800"], ids=["NUL", "surrogate"])
@pytest.mark.parametrize("escaped", [True, False])
async def test_what_no_database_stores_is_replaced_and_all_else_stays(odd: str, *, escaped: bool) -> None:
    pressed = activity(value={"verb": "note", "case": 17, f"a{odd}": f"ü\n{odd}한🙏"})
    body = json.dumps(pressed, ensure_ascii=escaped).replace("\x00", "\\u0000").encode(errors="surrogatepass")
    async with doorway() as door:
        assert (await door.post(body, f"Bearer {token()}"))[0] == 200
        (came,) = door.turns.came
        assert isinstance(came, Clicked)
        assert came.inputs == {"verb": "note", "a\ufffd": "ü\n\ufffd한🙏"}


async def test_clocks_may_differ_by_some_minutes() -> None:
    just_expired = token(exp=int(time.time()) - 60)  # made now, since the run may have started minutes ago
    async with doorway() as door:
        assert (await door.post(activity(), f"Bearer {just_expired}"))[0] == 200


async def test_an_installation_needs_no_sender() -> None:
    async with doorway() as door:
        joined = activity(type="installationUpdate", action="add", **{"from": None})
        joined["conversation"]["conversationType"] = "channel"
        assert (await door.post(joined, f"Bearer {WHOLE}"))[0] == 200
        assert len(door.turns.came) == 1


async def test_a_verified_token_is_validated_again_with_every_body() -> None:
    async with doorway() as door:
        assert (await door.post(authorization=f"Bearer {WHOLE}"))[0] == 200
        replayed = activity(channelData={"tenant": {"id": APP}})
        assert (await door.post(replayed, f"Bearer {WHOLE}"))[0] == 403


async def test_a_verified_token_is_remembered_no_longer_than_it_lives() -> None:
    rotated, short = Key("new"), f"Bearer {token(exp=int(time.time()) + 100)}"
    async with doorway() as door:
        assert (await door.post(authorization=short))[0] == 200
        door.lists(rotated)
        door.clock[0] += 10
        assert (await door.post(authorization=f"Bearer {token(rotated)}"))[0] == 200
        assert (await door.post(authorization=short))[0] == 200  # verified a moment ago, its key is gone
        door.wall[0] += 101
        assert (await door.post(authorization=short))[0] == 403


async def test_a_rotated_key_works_at_once_and_forged_ids_do_not_hammer_the_key_server() -> None:
    rotated = Key("new")
    async with doorway() as door:
        assert (await door.post(authorization=f"Bearer {token()}"))[0] == 200
        asked = len(door.keys.asked)
        door.lists(KEY, rotated)
        door.clock[0] += 10
        assert (await door.post(authorization=f"Bearer {token(rotated)}"))[0] == 200
        for number in range(50):
            forged = with_header(kid=f"forged-{number}")
            assert (await door.post(authorization=f"Bearer {forged}"))[0] == 403
        assert len(door.keys.asked) == asked + 2


async def test_without_any_key_nobody_comes_in_and_the_caller_may_try_again(caplog: pytest.LogCaptureFixture) -> None:
    async with doorway() as door:
        door.keys.answers(says({}, 500))
        assert await door.post(authorization=f"Bearer {WHOLE}") == (503, b"")
        door.lists(KEY)
        door.clock[0] += 10
        assert (await door.post(authorization=f"Bearer {WHOLE}"))[0] == 200
    assert any("could not be fetched" in message for message in caplog.messages)


@pytest.mark.parametrize("listed", [{}, {"keys": "x"}, {"keys": []}, {"keys": [7, {"kid": "x"}, {"kty": "RSA"}]}])
async def test_known_keys_are_kept_when_the_key_server_talks_nonsense(listed: Any) -> None:
    async with doorway() as door:
        assert (await door.post(authorization=f"Bearer {WHOLE}"))[0] == 200
        door.keys.answers(says({"jwks_uri": f"{door.keys.url}/keys"}), says(listed))
        door.clock[0] += 100_000
        assert (await door.post(authorization=f"Bearer {token(nbf=NOW - 61)}"))[0] == 200


async def test_a_key_server_that_hangs_does_not_hold_up_good_requests() -> None:
    go = asyncio.Event()

    async def hangs(request: web.Request) -> web.StreamResponse:
        await go.wait()
        return await says({}, 500)(request)

    async with doorway() as door:
        assert (await door.post(authorization=f"Bearer {WHOLE}"))[0] == 200
        door.keys.answers(hangs)
        door.clock[0] += 10
        forged = [f"Bearer {with_header(kid=f'forged-{number}')}" for number in range(20)]
        waiting = [asyncio.create_task(door.post(authorization=header)) for header in forged]
        assert (await door.post(authorization=f"Bearer {token(nbf=NOW - 62)}"))[0] == 200
        assert not any(task.done() for task in waiting)
        go.set()
        assert {status for status, _ in await asyncio.gather(*waiting)} == {403}


async def test_anonymous_is_for_loopback_alone() -> None:
    more = {"SENDWELL_ANONYMOUS": "loopback", "MicrosoftAppId": "", "MicrosoftAppPassword": "", "HOST": "127.0.0.1"}
    async with doorway(more) as door:
        assert (await door.post(activity(serviceUrl="http://localhost:9999")))[0] == 200
        for elsewhere in ("https://evil.example", "http://localhost.evil.example", "http://[", ""):
            assert (await door.post(activity(serviceUrl=elsewhere)))[0] == 403
        assert (await door.post(activity(serviceUrl="http://[::1]:1", **{"from": {"id": "u1"}})))[0] == 200


@pytest.mark.parametrize(
    ("cloud", "host", "issuer"),
    [
        ("worldwide", "smba.trafficmanager.net", "https://api.botframework.com"),
        ("gcc", "smba.infra.gcc.teams.microsoft.com", "https://api.botframework.com"),
        ("gcchigh", "smba.infra.gov.teams.microsoft.us", "https://api.botframework.us"),
        ("dod", "smba.infra.dod.teams.microsoft.us", "https://api.botframework.us"),
        ("china", "bots.example", "https://api.botframework.azure.cn"),
    ],
)
async def test_each_cloud_hears_its_own_connector_alone(cloud: str, host: str, issuer: str) -> None:
    url = f"https://{host}/teams/"
    more = {"SENDWELL_CLOUD": cloud, **({"SENDWELL_SERVICE_HOSTS": host} if cloud == "china" else {})}
    issuers = ("https://api.botframework.com", "https://api.botframework.us", "https://api.botframework.azure.cn")
    async with doorway(more) as door:
        for one in issuers:
            signed = f"Bearer {token(iss=one, serviceurl=url)}"
            status, _ = await door.post(activity(serviceUrl=url), signed)
            assert (status == 200) is (one == issuer), one
