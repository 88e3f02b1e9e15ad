"""An activity becomes a value, or nothing; no field of any type breaks it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import read
from dialogs.conversations.inbound import AddedToTeam, Clicked, ConversationKind, Installed, Said, Uninstalled
from services.ports.teams import DroppedFile
from tests.bot.door import APP, activity

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "type",
        "id",
        "text",
        "from",
        "conversation",
        "recipient",
        "value",
        "name",
        "entities",
        "attachments",
        "locale",
        "channelData",
        "serviceUrl",
        "membersAdded",
        "membersRemoved",
        "textFormat",
        "action",
    ]
)
KINDS = st.sampled_from(["message", "invoke", "installationUpdate", "conversationUpdate"])


@given(kind=KINDS, odd=st.dictionaries(FIELDS, JSON, max_size=4))
def test_any_field_may_be_anything(kind: str, odd: dict[str, Any]) -> None:
    received = read({**activity(type=kind, name="adaptiveCard/action"), **odd})
    assert received is None or isinstance(received, Said | Clicked | Installed | AddedToTeam | Uninstalled)


@given(data=JSON)
def test_any_button_data_may_be_anything(data: Any) -> None:
    received = read(
        activity(type="invoke", name="adaptiveCard/action", value={"action": {"verb": "approve", "data": data}})
    )
    assert isinstance(received, Clicked)
    assert all(isinstance(value, str) for value in received.inputs.values())


def test_the_mention_of_us_is_taken_off_once() -> None:
    mention = {"type": "mention", "text": "<at>Sendwell</at>", "mentioned": {"id": f"28:{APP}"}}
    other = {"type": "mention", "text": "<at>Bo</at>", "mentioned": {"id": "29:bo"}}
    said = read(
        activity(
            text="<at>Sendwell</at>\xa0deny 17 ask <at>Bo</at> about <at>Sendwell</at>",
            entities=[mention, other, 7, {"type": "mention", "mentioned": 7}],
            conversation={"id": "19:c@thread.tacv2;messageid=1", "conversationType": "channel"},
        )
    )
    assert isinstance(said, Said)
    assert said.text == "deny 17 ask <at>Bo</at> about <at>Sendwell</at>"
    assert (said.kind, said.conversation.id) == (ConversationKind.CHANNEL, "19:c@thread.tacv2")
    assert said.activity.conversation_id == "19:c@thread.tacv2;messageid=1"


def test_html_becomes_text() -> None:
    said = read(activity(text="<p>550&nbsp;5.1.8 &lt;ana&gt;</p>", textFormat="xml"))
    assert isinstance(said, Said)
    assert said.text == "550 5.1.8 <ana>"


DROPPED = {"contentType": "application/vnd.microsoft.teams.file.download.info"}
AT = {"downloadUrl": "https://x/1"}


@pytest.mark.parametrize(
    ("attachments", "files"),
    [
        ([{**DROPPED, "content": {**AT, "fileType": "EML"}}], [DroppedFile(kind="eml", url="https://x/1")]),
        ([{**DROPPED, "name": "a.b.msg", "content": AT}], [DroppedFile(kind="msg", url="https://x/1")]),
        ([{**DROPPED, "name": 7, "content": "x"}], [DroppedFile(kind="")]),
        ([{**DROPPED, "content": {**AT, "fileType": "png"}}], [DroppedFile(kind="png", is_picture=True)]),
        ([{"contentType": "image/*", "contentUrl": "https://x/1"}], [DroppedFile(kind="", is_picture=True)]),
        ([{"contentType": "application/x", "content": {**AT, "fileType": "eml"}}], [DroppedFile(kind="eml")]),
        ([{"contentType": "text/html", "content": "x"}], []),
        ([7, {}], []),
        ("x", []),
    ],
)
def test_files_are_noticed(attachments: Any, files: list[DroppedFile]) -> None:
    said = read(activity(attachments=attachments))
    assert isinstance(said, Said)
    assert list(said.files) == files


def test_an_old_clients_submit_is_a_click() -> None:
    clicked = read(activity(value={"verb": "approve", "case": 17, "reason": "x" * 30_000, "n": 7}))
    assert isinstance(clicked, Clicked)
    assert (clicked.verb, clicked.number, len(clicked.inputs["reason"])) == ("approve", 17, 20_000)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"type": "installationUpdate", "action": "add"}, Installed),
        ({"type": "installationUpdate", "action": "add", "from": None}, None),
        ({"type": "installationUpdate", "action": "remove"}, Uninstalled),
        ({"type": "conversationUpdate", "membersRemoved": [{"id": f"28:{APP}"}, 7]}, Uninstalled),
        ({"type": "conversationUpdate", "membersRemoved": "x"}, None),
        ({"type": "conversationUpdate", "membersAdded": [{"id": f"28:{APP}"}]}, None),
    ],
)
def test_installations(change: dict[str, Any], kind: type | None) -> None:
    assert type(read(activity(**change))) is (kind or type(None))


def test_added_to_a_team_or_a_group() -> None:
    channel = {"id": "19:c@thread.tacv2", "conversationType": "channel"}
    assert isinstance(read(activity(type="installationUpdate", action="add", conversation=channel)), AddedToTeam)
    group = {"id": "19:g@unq.gbl.spaces", "conversationType": "groupChat"}
    assert read(activity(type="installationUpdate", action="add", conversation=group)) is None


@pytest.mark.parametrize(
    ("locale", "read_as"), [("de-DE", "de-DE"), ("x", "en-GB"), ("../../etc", "en-GB"), (7, "en-GB")]
)
def test_an_unknown_locale_is_english(locale: Any, read_as: str) -> None:
    said = read(activity(locale=locale))
    assert isinstance(said, Said)
    assert said.conversation.locale == read_as


def test_more_than_anybody_writes_is_cut_off_and_so_is_a_crowd_of_mentions() -> None:
    ours = {"type": "mention", "text": "<at>Sendwell</at>", "mentioned": {"id": f"28:{APP}"}}
    said = read(activity(text="5.1.8 " + "x" * 500_000, entities=[ours] * 5_000))
    assert isinstance(said, Said)
    assert said.text.startswith("5.1.8 x")
    assert len(said.text) == 32_000
