"""What a bounce means: by its codes where they are codes, by its words, and by neither where it only looks like one."""

import pytest

from services.domain.bounce.bounce import Bounce, Meaning, read_bounce

DELIVERY_FAILED = "Delivery has failed to these recipients or groups:\n\nkim@fabrikam.example\n"


def read(text: str) -> Bounce:
    bounce = read_bounce(text)
    assert bounce is not None, text
    return bounce


def code_and_cause(text: str) -> tuple[str | None, str] | None:
    bounce = read_bounce(text)
    return (bounce.code, bounce.cause.name) if bounce else None


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.8 Access denied, bad outbound sender",
        "> > 550 5.1.8 Access den=\n> > ied, bad outbound sen=\n> > der",
        "SMTP 550-5.1.8: bad outbound sender",
        "Office 550, 5.1.8, Access Denied, Bad outbound sender",
        "error 5,1,8 bad outbound sender",
        "５５０　５．１．８ Access denied, bad outbound sender",
        "550 5。1。8 bad outbound sender",
        "550 5.1.8 Ａｃｃｅｓｓ ｄｅｎｉｅｄ，　ｂａｄ　ｏｕｔｂｏｕｎｄ　ｓｅｎｄｅｒ",
        "550 5.1\u200b.8 Access de\u00adnied, bad\u2060 outbound\u00a0sender",
        "550 ٥.١.٨ bad outbound sender",
        "5.1.8AS(42004) Access denied, bad outbound sender",
        "> > Remote Server returned '550 5.1.8\n> > Access denied, bad\n> > outbound sender AS(42004)'",
        "| 550 5.1.8 Access denied,\n| bad outbound sender",
        "Diagnostic-Code: smtp;550 5.1.8 Access denied, bad out=\nbound sender",
        "status=bounced said: 550 5.1.8 bad outbound sender\\nplease see the log",
        "<html><p>kim@fabrikam.example</p><p>returned '550 5.1.8<br>Access denied, bad outbound sender'</p></html>",
        "Remoteserver hat 550 5.1.8 Zugriff verweigert zurückgegeben, ungültiger ausgehender Absender",
        "550 5.1.8 acesso negado, remetente de saída incorreto",
        "550 5.1.8 アクセスが拒否されましたが、正しくない送信送信者",
        "Final-Recipient: rfc822;kim@x.example Action: failed Diagnostic-Code: smtp;550 5.1.8 bad outbound sender",
    ],
)
def test_the_code_and_its_phrase_are_read_in_whatever_they_come(text: str) -> None:
    assert code_and_cause(text) == ("5.1.8", "sender_restricted")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 User unknown", "5.1.1"),
        ("550 5.0.350 Remote server returned an error -> 550 5.1.1 user unknown", "5.1.1"),
        ("5.7.700-749 Access denied, tenant has exceeded threshold", "5.7.700"),
        ("what does NDR 5.4.14 mean", "5.4.14"),
        ("dsn=5.7.708, status=bounced", "5.7.708"),
        (
            "mail.contoso.example #<mx.contoso.example #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#",
            "5.7.1",
        ),
        ("(5.1.8)", "5.1.8"),
        ("Fehlermeldung 5.1.90!", "5.1.90"),
    ],
)
def test_the_code_that_says_most_counts(text: str, code: str) -> None:
    assert read(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "X-Mailer: QuickSend 5.1.8",
        "X-Mailer: QuickSend 5.1.8 ; 550 <kim@fabrikam.example>: User unknown",
        "Received: from mx.fabrikam.example (Postfix 5.7.705)\n\tby mx.contoso.example id 15.20.5.1.8; Thu",
        "Subject: notes on 550 5.7.501",
        "my mails are written with QuickSend 5.1.8 and nothing arrives",
        "version 5.1.8 of our app cannot send",
        "firmware 15.5.1.8",
        "from 5.1.92.180",
        "the server is 10.5.1.8",
        "http://help.example/5.1.8/send",
        "nothing goes out since 4.5.26",
        "seit 5.11.26 kommen alle Mails zurück",
        "see section 5.1.1 of the handbook",
        "I have 550 colleagues and none of them can send",
        "Long stories name numbers: " + "the parcel of 5.1.8 sizes went on its way again. " * 10,
        "",
        "my mail bounces",
    ],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert read_bounce(text) is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", "no_send_right"),
        ("554 5.2.252 SendAsDenied; ana@contoso.example not allowed to send as sales@", "no_send_right"),
        ("0x80070005-0x0004dc-0x000524", "no_send_right"),
        ("You do not have the permission to send the message on behalf of the specified user", "no_send_right"),
        ("The message can't be submitted because the sender's submission quota was exceeded", "submission_quota"),
        ("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", "submission_quota"),
        (
            "Your message can't be sent because you've reached your daily limit for message recipients",
            "daily_recipients",
        ),
        ("your tenant has exceeded its daily limit for sending email to external recipients", "tenant_recipients"),
        ("Access denied, tenant has exceeded threshold", "tenant_blocked"),
        ("Access denied, bad inbound connector. AS(2204)", "connector_restricted"),
        ("Your organization does not allow external forwarding.", "forwarding_blocked"),
        ("Direct Send not allowed for this organization from unauthorized sources", "direct_send"),
        ("Basic authentication is not supported for Client Submission.", "not_signed_in"),
        ("messages to kim@ are blocked by your organization using Tenant Allow Block List.", "tenant_block_list"),
    ],
)
def test_microsofts_own_sentences_need_no_code(text: str, meaning: str) -> None:
    assert read(text).meaning == meaning
    assert read(text.upper()).meaning == meaning


@pytest.mark.parametrize(
    "text",
    [
        "This message couldn't be delivered because the sending email address was not recognized as a valid sender",
        "couldn’t be delivered because you weren’t recognized as a valid sender",
        "it says I am suspected of sending spam and no longer allowed to send email",
        "Ihre Nachricht konnte nicht übermittelt werden, weil Sie nicht als gültiger Absender erkannt wurden.",
        "Votre message n’a pas pu être remis car vous n’avez pas été reconnu comme un expéditeur valide.",
        "No se pudo entregar el mensaje porque no se reconoció como remitente válido.",
        "Non è stato possibile recapitare il messaggio perché l'utente non è stato riconosciuto come mittente valido.",
        "A mensagem não pôde ser entregue porque você não foi reconhecido como um remetente válido.",
        "Uw bericht kan niet worden bezorgd omdat u niet als een geldige afzender bent herkend.",
        "有効な送信者として認識されなかったため、メッセージを配信できませんでした。",
    ],
)
def test_the_sentence_for_people_is_a_hint_in_every_language_but_no_proof(text: str) -> None:
    assert read(text).meaning is Meaning.MAYBE_RESTRICTED


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        # A code or a sentence of the sender's own side, and what other servers say with it.
        ("501 5.1.8 <ana@contoso.example>: Sender address rejected: Domain not found", "foreign_sender_check"),
        ("553 5.1.8 <ana@contoso.example>... Domain of sender address does not exist", "foreign_sender_check"),
        (
            "Final-Recipient: rfc822;kim@fabrikam.example\nStatus: 5.1.8\nRemote-MTA: dns;mx.fabrikam.example",
            "foreign_sender_check",
        ),
        ("550 5.1.8", "maybe_restricted"),
        ("552 5.2.2 Mailbox disk quota exceeded", "recipient_full"),
        ("552 5.2.2 <kim@fabrikam.example>: Recipient address rejected: Mailbox quota exceeded", "recipient_full"),
        ("552 5.2.2 exceeded storage; the sender was told", "recipient_full"),
        ("550 5.2.2 Submission quota exceeded", "submission_quota"),
        ("535 5.7.3 Authentication unsuccessful", "not_signed_in"),
        ("Remote host said: 553 5.7.3 CONTENT", "rejected"),
        ("554 5.7.9 Message not accepted for policy reasons", "sender_records"),
        ("550 5.2.1 user unknown", "wrong_address"),
        ("550 5.1.1 mailbox full", "recipient_full"),
    ],
)
def test_codes_that_servers_use_otherwise_go_by_their_words(text: str, meaning: str) -> None:
    assert read(text).meaning == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (
            "550 <kim@fabrikam.example>: Recipient address rejected: User unknown in local recipient table",
            "wrong_address",
        ),
        ("550: <kim@fabrikam.example>: User unknown", "wrong_address"),
        ("554 mail from 192.0.2.7 refused: listed on a block list", "address_range_blocked"),
        ("552 Message size exceeds fixed maximum message size", "message_too_large"),
        ("550 Requested action not taken: mailbox unavailable", "wrong_address"),
        ("This is a permanent error. kim@fabrikam.example mailbox is full", "recipient_full"),
        ("Remote Server returned '554 no thanks'", "other"),
    ],
)
def test_a_reply_without_an_enhanced_code_goes_by_its_words(text: str, meaning: str) -> None:
    bounce = read(text)
    assert (bounce.code, bounce.meaning) == (None, meaning)


@pytest.mark.parametrize("text", ["my mailbox is full and I cannot send", "it says quota exceeded", "user unknown?"])
def test_the_same_words_of_a_person_are_no_bounce(text: str) -> None:
    assert read_bounce(text) is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Status: 4.4.7\nAction: failed\nDiagnostic-Code: smtp;550 4.4.7 message expired", "gave_up"),
        ("Action: failed\nStatus: 4.4.7", "gave_up"),
        (f"{DELIVERY_FAILED}\nRemote Server returned '451 4.4.0 DNS query failed'", "gave_up"),
        ("550 5.4.300 Message expired", "gave_up"),
        ("Action: delayed\nStatus: 4.4.7\nDiagnostic-Code: smtp;400 4.4.7 Message delayed", "temporary"),
        ("432 4.3.2 Concurrent connections limit exceeded", "temporary"),
        ("451 4.7.500 Server busy", "temporary"),
        ("4.4.1", "temporary"),
        ("said: 421 Connection timed out", "temporary"),
        ("said: 554 Connection timed out", "gave_up"),
    ],
)
def test_given_up_is_not_tried_again(text: str, meaning: str) -> None:
    assert read(text).meaning == meaning


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    assert read_bounce(f"Final-Recipient: rfc822;kim@fabrikam.example\nAction: {action}\nStatus: 2.1.5") is None


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("5.1.99", "class_address"),
        ("5.2.999", "class_mailbox"),
        ("5.3.99", "class_system"),
        ("5.4.999", "class_network"),
        ("5.5.99", "class_protocol"),
        ("5.6.99", "class_content"),
        ("5.7.999", "class_policy"),
        ("5.9.9", "class_other"),
        ("4.6.99", "class_temporary"),
    ],
)
def test_a_code_that_the_table_lacks_is_told_by_its_class(text: str, cause: str) -> None:
    assert code_and_cause(f"status {text}") == (text, cause)


@pytest.mark.parametrize(
    "text",
    [
        "Mail delivery failed: 3 messages are held. Click here to release messages: http://mail-contoso.example/login",
        "Undeliverable: 550 5.1.8. Please verify your password at https://contoso-login.example/x within 24 hours",
        "<html><p>Mail was returned.</p><p>Confirm your account: <a href='http://x.example/office365.com'>here</a></p>",
        "5 Nachrichten konnten nicht zugestellt werden. Bitte bestätigen Sie Ihr Passwort: anmelden unter http://x.example",
        "Nachrichten nicht zugestellt. Klicken Sie hier, um Ihr Passwort zu bestätigen: http://x.example",
        "Your mailbox is restricted. Click to release mails: http://x.example/login 550 5.1.8 verify your password",
        "Vos messages n'ont pas été remis. Cliquez ici pour vérifier votre mot de passe : http://x.example",
        "Sus mensajes no se entregaron. Haga clic para verificar su contraseña: http://x.example",
        "Suas mensagens não foram entregues. Clique aqui para confirmar sua senha http://x.example",
        "I tuoi messaggi non sono stati consegnati. Clicca qui per confermare la password http://x.example",
        "Uw berichten zijn niet bezorgd. Klik hier om uw wachtwoord te bevestigen http://x.example",
    ],
)
def test_a_phishing_mail_dressed_as_a_bounce_is_said_to_be_one(text: str) -> None:
    assert read(text).meaning is Meaning.PHISHING


@pytest.mark.parametrize(
    "text",
    [
        f"{DELIVERY_FAILED}\nClick to review the message: https://go.microsoft.com/fwlink/?LinkId=87572 '550 5.7.1 no'",
        f"{DELIVERY_FAILED}\nRemote Server returned '550 5.7.1 blocked, see https://www.spamhaus.example/query'",
        "3 messages are held in quarantine. Click to review messages: https://security.microsoft.com/quarantine",
        "my mail was returned, do I have to change my password?",
        "I had to confirm my password at the login and now my mailbox is blocked",
    ],
)
def test_what_links_to_help_is_no_phishing(text: str) -> None:
    bounce = read_bounce(text)
    assert bounce is None or bounce.meaning is not Meaning.PHISHING


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Your message couldn't be delivered.\nKim wasn’t found at fabrikam.example.", "recipient_not_found_no_code"),
        ("The address wasn't found at the destination domain. It might be misspelled.", "recipient_not_found_no_code"),
        ("The recipient's mailbox is full and can't accept\nmessages now.", "recipient_full_no_code"),
        ("The group Sales only accepts messages from people in its organization or on its", "group_closed_no_code"),
        ("Security or policy settings at fabrikam.example have rejected your message.", "policy_there_no_code"),
        (
            "Couldn't be delivered: the Domain Name System (DNS) reported that the recipient's domain does not exist.",
            "recipient_domain_no_code",
        ),
    ],
)
def test_the_part_for_people_alone_tells_the_cause(text: str, cause: str) -> None:
    assert code_and_cause(text) == (None, cause)
    assert code_and_cause(f"{text}\n550 5.7.705 Access denied, tenant has exceeded threshold") != (None, cause)


@pytest.mark.parametrize("half", ["\ud800", "\udfff\ud800"])
def test_half_of_a_letter_is_read_over(half: str) -> None:
    mail = f"From: a@b.cc\nContent-Type: multi{half}part/report; boundary=b\n\n--b\nStatus: 5.1.1\n"
    read_bounce(mail)
    read_bounce(f"soft=\n{half} 550 5.1.1 User unknown")
    found = read_bounce(f"{half}550 5.1.8 Access denied, bad outbound sender")
    assert found is not None
    assert found.code == "5.1.8"


@pytest.mark.parametrize(("lines", "is_read"), [(3_900, True), (4_100, False)])
def test_of_a_text_of_thousands_of_lines_the_first_four_thousand_are_read(lines: int, is_read: bool) -> None:
    said = "x\n" * lines + "550 5.1.8 Access denied, bad outbound sender"
    assert (read_bounce(said) is not None) is is_read
