"""What every picture of a card is drawn with."""

from dataclasses import replace

from cards.view import Links, View
from cards.words import words_for
from services.domain.mention import Mention
from tests.cases import BO, NOW, TIMING

HOSTILE = (
    "**bold** [link](https://evil.example) {{DATE(2020-01-01T00:00:00Z)}} \u202egpj.exe <b>x</b>\n✅ Sending works"
)
LINKS = Links(
    password_reset="https://passwordreset.example",
    security_info="https://security.example",
    helpdesk="IT desk, ext. 100",
)
MENTIONS = (
    Mention(id=BO.id, name=BO.name),
    Mention(id="2", name=f"{HOSTILE}</at> <at>everyone</at>"),
    Mention(id="c2FuZGJveA==", name="On duty", is_tag=True),
)
VIEW = View(words=words_for("en-GB"), now=NOW, timing=TIMING, links=LINKS, contains=True)


def with_notice(view: View) -> View:
    return replace(view, notice=view.words("refusal.not_approver"))
