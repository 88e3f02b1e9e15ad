"""Whose message came back, by the headers pasted below a bounce, in whatever language the mail program writes them."""

import pytest

from services.domain.bounce.bounce import read_bounce

TEAM, IDA = "team@contoso.example", "ida@fabrikam.example"
SAID = "550 5.1.8 Access denied, bad outbound sender\n\n"

HEADERS = (
    f"From: Team <{TEAM}>\nTo: {IDA}\nSubject: Offer\n",
    f"Subject: Offer\nTo: {IDA}\nFrom: {TEAM}\n",
    f"Von: Team <{TEAM}>\nAn: {IDA}\nBetreff: Angebot\n",
    f"De : Team <{TEAM}>\nÀ : {IDA}\nObjet : Offre\n",
    f"De: Team <{TEAM}>\nPara: {IDA}\nAsunto: Oferta\n",
    f"De: Team <{TEAM}>\nPara: {IDA}\nAssunto: Oferta\n",
    f"Da: Team <{TEAM}>\nA: {IDA}\nOggetto: Offerta\n",
    f"Van: Team <{TEAM}>\nAan: {IDA}\nOnderwerp: Aanbod\n",
    f"差出人: Team <{TEAM}>\n宛先: {IDA}\n件名: 見積\n",
    f"差出人： Team <{TEAM}>\n宛先： {IDA}\n",
    f"من: Team <{TEAM}>\nإلى: {IDA}\nالموضوع: عرض\n",
    f"*From:* Team <{TEAM}>\n*To:* {IDA}\n",
    f"> From: Team <mailto:{TEAM}>\n> To: {IDA}\n",
    f"From: Mail Delivery <mailer-daemon@mx.fabrikam.example>\nTo: {TEAM}\n\nFrom: {TEAM}\nTo: {IDA}\n",
    f"From: {TEAM}\nTo: {IDA}\n\nFrom: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615@contoso.example>\n",
    f"Return-Path: <{TEAM}>\nTo: {IDA}\n",
    f"Sender address: {TEAM}\nRecipient address: {IDA}\n",
)
NOBODYS = (
    f"From: postmaster@contoso.example\nTo: {TEAM}\n",
    f"From: Mail Delivery Subsystem <MAILER-DAEMON@contoso.example>\nTo: {TEAM}\n",
    f"Da: noreply@contoso.example\nA: {TEAM}\n",
    f"From: <no-reply@contoso.example>\nTo: {TEAM}\n",
    f"From: donotreply@contoso.example\nTo: {TEAM}\n",
    "Return-Path: <>\n",
    "Sender address: postmaster@contoso.example\n",
)


@pytest.mark.parametrize("headers", HEADERS)
def test_the_sender_in_the_headers_is_whose_message_came_back(headers: str) -> None:
    bounce = read_bounce(SAID + headers)
    assert bounce is not None
    assert bounce.sender == TEAM


@pytest.mark.parametrize("headers", NOBODYS)
def test_who_sends_bounces_is_nobodys_mailbox(headers: str) -> None:
    bounce = read_bounce(SAID + headers)
    assert bounce is not None
    assert bounce.sender is None


@pytest.mark.parametrize("name", ["From:", "Von:", "De :", "Da:", "Van:", "差出人:"])
def test_headers_pasted_as_one_line_name_the_sender_and_keep_the_code(name: str) -> None:
    bounce = read_bounce(f"Undeliverable {name} Team <{TEAM}> To: {IDA} 550 5.1.8 Access denied, bad outbound sender")
    assert bounce is not None
    assert (bounce.code, bounce.sender) == ("5.1.8", TEAM)


def test_a_recipient_is_no_sender() -> None:
    bounce = read_bounce(f"{SAID}To: {TEAM}\nPara: {TEAM}\nA: {TEAM}\n宛先: {TEAM}\n")
    assert bounce is not None
    assert bounce.sender is None


def test_behind_the_next_header_stands_somebody_else() -> None:
    bounce = read_bounce(f"Undeliverable From: postmaster To: {TEAM} 550 5.1.8 Access denied, bad outbound sender")
    assert bounce is not None
    assert bounce.sender is None
