"""What somebody wrote in a 1:1 chat is read as they wrote it, and no HTML breaks the reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import read
from dialogs.conversations.inbound import Said
from sandbox.teams import in_chat
from tests.bot.door import APP, activity

BOUNCE = """Delivery has failed to these recipients or groups:

Kim Abara <kim.abara@contoso.example>

Generating server: mail.contoso.example
<mail.contoso.example #5.1.8 smtp;550 5.1.8 Access denied, bad outbound sender AS(42004)>"""


def words(text: str, *contents: Any, **change: Any) -> str:
    """What is read of a message with that text and these contents of attached HTML."""
    attached = [{"contentType": "text/html", "content": content} for content in contents]
    said = read(activity(text=text, attachments=attached, **change))
    assert isinstance(said, Said)
    return said.text


@pytest.mark.parametrize(
    "written",
    [
        "unblock Ana Soto <ana.soto@contoso.example> she called me",
        "<ana.soto@contoso.example>",
        "<#5.1.8 smtp;550 5.1.8 Access denied, bad outbound sender>",
        BOUNCE,
        "is 5 < 6 & 7 > 6?",
        "a <b> c &amp; <script>alert(1)</script> &lt;",
        "no brackets at all",
        "<!-- 5.1.8 --> <?xml?> <![CDATA[x]]> <!DOCTYPE x>",
    ],
)
def test_what_somebody_wrote_is_read_as_they_wrote_it(written: str) -> None:
    said = read(activity(**in_chat(written)))
    assert isinstance(said, Said)
    assert said.text.split() == written.split()
    assert not said.files


def test_lines_stay_lines() -> None:
    html = (
        "<div><p>one<br>two &lt;x&gt;</p><ul><li>three</li></ul><pre>four\n  five</pre><table><tr><td>6</td><td>7</td>"
    )
    assert words("one two three four five 6 7", html).split("\n") == [
        *("one", "two <x>", "", "three", "", "four", "five", "", "6 7"),
    ]


def test_what_the_clipboard_adds_is_no_word() -> None:
    html = "<!DOCTYPE html><!--StartFragment--><p>hello<!-- <b>you</b> --> &lt;x&gt;<?xml:namespace o ?></p><!--End"
    assert words("hello ", html) == "hello <x>"


def test_a_quoted_message_stays_part_of_the_words() -> None:
    quoted = '<blockquote itemtype="http://schema.skype.com/Reply"><strong>Bo</strong><p>Ask &lt;it@x.example&gt;</p>'
    assert words("Bo Ask  done", f"{quoted}</blockquote><p>done</p>").split() == ["Bo", "Ask", "<it@x.example>", "done"]


@pytest.mark.parametrize(
    "mention",
    [
        '<at id="0">Sendwell</at>',
        '<span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">Send<span>well</span></span>',
    ],
)
def test_the_mention_of_us_is_taken_off_here_too(mention: str) -> None:
    ours = {"type": "mention", "text": "<at>Sendwell</at>", "mentioned": {"id": f"28:{APP}"}}
    html = f"<p>{mention}&nbsp;history &lt;ana@x.example&gt; <span>now</span></p>"
    assert words("<at>Sendwell</at> history  now", html, entities=[ours]) == "history <ana@x.example> now"


def test_in_a_channel_the_text_alone_counts() -> None:
    channel = {"id": "19:c@thread.tacv2", "conversationType": "channel"}
    assert words("deny 17", "<p>deny 17 &lt;x&gt;</p>", conversation=channel) == "deny 17"


@pytest.mark.parametrize(
    "contents",
    [
        [None],
        [7],
        [{"html": "<p>"}],
        [["<p>hello &lt;x&gt;</p>"]],
        [""],
        ["<p>quite another message &lt;x&gt;</p>"],
        ["<p>hell &lt;x&gt;"],
        ["<script>hello &lt;x&gt;"],
        ["<style>hello &lt;x&gt;</style>"],
        ["<title>hello &lt;x&gt;"],
        ['<p title="hello &lt;x&gt;">'],
        ["<!-- hello &lt;x&gt; "],
        ["<!-- hello &lt;x&gt; -->"],
        ["<p>hello &lt;x&gt;</p>" + "x" * 100_000],
        [None, 7, "<p>"],
    ],
)
def test_html_that_says_something_else_or_nothing_is_not_read(contents: list[Any]) -> None:
    assert words("hello", *contents) == "hello"


def test_of_several_the_one_that_says_the_same_is_read() -> None:
    assert words("hello", 7, "<p>another &lt;x&gt;</p>", "<p>hello &lt;you&gt;</p>") == "hello <you>"


def test_html_that_never_ends_or_is_ten_thousand_deep_is_read_all_the_same() -> None:
    assert words("hello", "<p>hello &lt;you&gt;" + "<div>" * 10_000) == "hello <you>"
    assert words("hello", "<b>" * 10_000 + "hello &lt;you&gt;" + "</b>" * 12_000) == "hello <you>"
    assert words("hello", "</p></span></pre></style></td>hello &lt;you&gt;") == "hello <you>"


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a b="', "<!--", "<![CDATA[", "<?", "</", "&", "&#", "<script>", "<at>"]
)
@pytest.mark.parametrize("end", ["", '">'])
def test_hostile_html_as_large_as_it_may_be_is_read_in_one_go(piece: str, end: str) -> None:
    html = (piece * 100_000)[: 100_000 - len(end)] + end
    assert isinstance(words("hello", html), str)


@given(html=st.text(alphabet="<>/abp &;#!-\"'=x\n", max_size=80), text=st.text(max_size=20))
def test_any_html_is_read_or_left(html: str, text: str) -> None:
    assert isinstance(words(text, html), str)
