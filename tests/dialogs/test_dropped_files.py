"""A bounce that is dropped into the chat as a file is read as if it had been pasted."""

from email.message import EmailMessage

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable
from services.ports.teams import DroppedFile
from tests.cases import BO
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World

EML = DroppedFile(kind="eml", url="https://contoso-my.sharepoint.example/1")
PICTURE = DroppedFile(kind="png", is_picture=True)


def mail(words: str) -> bytes:
    bounce = EmailMessage()
    bounce["From"], bounce["To"], bounce["Subject"] = "postmaster@contoso.example", ANAS_ADDRESS, "Undeliverable: hi"
    bounce.set_content(words)
    return bounce.as_bytes()


TENANT_BLOCKED = mail("Remote Server returned '550 5.7.705 Access denied, tenant has exceeded threshold'")


async def test_a_saved_bounce_is_read(w: World) -> None:
    w.dropped.kept[EML.url] = TENANT_BLOCKED
    assert "whole organisation" in await w.says(ANA_CLICKS, "", files=[EML])


async def test_the_bounce_of_a_restricted_person_stands_in_their_case(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    w.dropped.kept[EML.url] = mail("Remote Server returned '550 5.1.8 Access denied, bad outbound sender'")
    assert await w.says(ANA_CLICKS, "look", files=[EML]) == ""
    assert ((await w.case()).status, (await w.case()).bounce_code) == (Status.SECURING, "5.1.8")


async def test_of_several_files_the_one_with_the_bounce_counts(w: World) -> None:
    other = DroppedFile(kind="txt", url="https://contoso-my.sharepoint.example/2")
    w.dropped.kept |= {other.url: b"our offer", EML.url: TENANT_BLOCKED}
    assert "whole organisation" in await w.says(ANA_CLICKS, "", files=[PICTURE, other, EML])


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (PICTURE, b"", "can't read pictures"),
        (DroppedFile(kind="pdf", url=EML.url), b"", "saved as .eml, .msg or .txt"),
        (EML, b"From: kim@fabrikam.example\n\nour offer", "no bounce in that file"),
        (DroppedFile(kind="msg", url=EML.url), b"no compound file", "no bounce in that file"),
        (DroppedFile(kind="eml"), b"", "couldn't open that file"),
    ],
)
async def test_of_any_other_file_it_is_said_what_helps_after_the_look(
    w: World, file: DroppedFile, content: bytes, sentence: str
) -> None:
    w.dropped.kept[EML.url] = content
    assert sentence in await w.says(ANA_CLICKS, "", files=[file])
    assert "not restricted" in w.text_of(w.sheets(ANA_CLICKS)[-2])


@pytest.mark.parametrize("trouble", [Unavailable(UnknownReason.TIMED_OUT), Unreachable("a dropped file answers 404")])
async def test_a_file_that_cannot_be_had_holds_up_nothing(w: World, trouble: Unavailable | Unreachable) -> None:
    w.dropped.trouble = trouble
    assert "couldn't open that file" in await w.says(ANA_CLICKS, "5.7.705", files=[EML])
    assert "whole organisation" in w.text_of(w.sheets(ANA_CLICKS)[-2])


async def test_who_is_restricted_is_not_asked_for_a_code(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    assert await w.says(ANA_CLICKS, "my mail bounces", files=[PICTURE]) == ""
    assert "Step 1 of 3" in w.ana_sees()


async def test_a_message_that_comes_again_fetches_nothing_again(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    w.dropped.kept[EML.url] = TENANT_BLOCKED
    said = w.said_with(ANA_CLICKS, [EML])
    await w.router.said(said)
    await w.router.said(said)
    assert w.dropped.fetched == [EML.url]


@pytest.mark.parametrize("words", ["", "our mail bounces, see here"])
async def test_in_a_channel_files_are_left_alone_and_it_says_so(w: World, words: str) -> None:
    w.dropped.kept[EML.url] = TENANT_BLOCKED
    answer = await w.says(BO, words, ConversationKind.CHANNEL, files=[EML])
    assert "don't read files here" in answer
    assert w.dropped.fetched == []


async def test_a_command_in_the_channel_is_obeyed_whatever_hangs_on_it(w: World) -> None:
    assert "don't read files here" not in await w.says(BO, "cases", ConversationKind.CHANNEL, files=[PICTURE])


async def test_each_file_counts_as_a_message(w: World) -> None:
    w.dropped.kept[EML.url] = TENANT_BLOCKED
    messages = w.timing.messages_a_minute // 5
    for _ in range(messages):
        assert "a lot at once" not in await w.says(ANA_CLICKS, "", files=[EML] * 5)
    fetched = len(w.dropped.fetched)
    assert "a lot at once" in await w.says(ANA_CLICKS, "", files=[EML] * 5)
    assert await w.says(ANA_CLICKS, "", files=[EML] * 5) == ""
    assert len(w.dropped.fetched) == fetched
