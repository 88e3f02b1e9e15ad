"""`python app.py bounces FOLDER`: one line a file, whatever it is written in."""

from pathlib import Path

import pytest

from app import main
from services.bounce_files import lines_of
from services.domain.bounce.msg import NoMsgError, text_of_msg
from tests.domain.compound_file import SECTOR, compound_file
from tests.domain.test_bounce_mails import OLD_STYLE, RESTRICTED, UNKNOWN, group, mail

BODY, HTML, HEADERS, DIAGNOSIS = (f"__substg1.0_{kind}" for kind in ("1000001F", "10130102", "007D001F", "0C1B001F"))


def written(folder: Path, name: str, content: str | bytes) -> list[str]:
    """Writes a file into an empty folder and returns the columns of its line behind the name."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (line,) = lines_of(folder)
    return line.split("\t")[1:]


def test_each_file_is_a_line_with_what_scripts_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.eml").write_text(mail(group("kim@fabrikam.example", RESTRICTED)))
    (tmp_path / "a.TXT").write_text("Remote Server returned '550 5.7.64 TenantAttribution; Relay Access Denied'")
    (tmp_path / "c.txt").write_text("lunch at noon?")
    (tmp_path / "notes.md").write_text(RESTRICTED)
    assert main({}, ["bounces", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a.TXT\t5.7.64\trelay_connector_mismatch\tyour-admin\tno",
        "b.eml\t5.1.8\tsender_restricted\tyour-admin\tyes",
        "c.txt\t-\tno_bounce\tunclear\tno",
    ]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main({}, ["bounces", str(tmp_path / "none")]) == 2
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encoding_it_has(tmp_path: Path, encoding: str) -> None:
    text = "Fehler 550 5.1.8 Zugriff verweigert, ungültiger ausgehender Absender"
    assert written(tmp_path, "a.txt", text.encode(encoding))[:2] == ["5.1.8", "sender_restricted"]


def test_a_bounce_of_mail_to_the_reader_is_for_the_senders_side(tmp_path: Path) -> None:
    forwarded = OLD_STYLE.replace("Ana Soto <ana@contoso.example>", "Kim <kim@northwind.example>").replace(
        "mo@northwind.example", "ana@contoso.example"
    )
    source = f"From: kim@northwind.example\nTo: Ana <ana@contoso.example>\nContent-Type: text/plain\n\n{forwarded}"
    assert written(tmp_path, "a.eml", source) == ["5.1.8", "sender_restricted", "sender-side-admin-elsewhere", "no"]


def test_a_name_cannot_break_a_line(tmp_path: Path) -> None:
    (tmp_path / "a\tb\nc.txt").write_text(RESTRICTED)
    assert list(lines_of(tmp_path)) == ["a?b?c.txt\t5.1.8\tsender_restricted\tyour-admin\tyes"]


@pytest.mark.parametrize("large", [False, True])
def test_an_outlook_file_is_read_by_its_body(tmp_path: Path, large: bool) -> None:
    streams = {BODY: OLD_STYLE.encode("utf-16-le"), HEADERS: "To: ana@contoso.example".encode("utf-16-le")}
    content = compound_file(streams, large=large)
    assert written(tmp_path, "a.msg", content) == ["5.1.8", "sender_restricted", "your-admin", "yes"]


def test_an_outlook_file_is_read_by_its_html_and_by_its_diagnosis(tmp_path: Path) -> None:
    html = f"<html><body><p>kim@fabrikam.example</p><p>returned '{UNKNOWN}'</p></body></html>".encode()
    assert written(tmp_path, "a.msg", compound_file({HTML: html}))[0] == "5.1.10"
    diagnosis = "<mx.fabrikam.example #5.7.133 smtp;550 5.7.133 no>".encode("utf-16-le")
    assert written(tmp_path, "a.msg", compound_file({DIAGNOSIS: diagnosis, "other": b"x" * 5_000}))[0] == "5.7.133"


def test_a_damaged_outlook_file_is_said_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.msg").write_bytes(b"no compound file")
    (tmp_path / "b.txt").write_text(RESTRICTED)
    assert [line.split("\t")[2] for line in lines_of(tmp_path)] == ["no_bounce", "sender_restricted"]
    assert "a.msg cannot be read" in capsys.readouterr().err


def test_a_large_outlook_file_is_read_as_far_as_a_text_goes(tmp_path: Path) -> None:
    body = OLD_STYLE + "more lines\n" * 20_000
    content = compound_file({BODY: body.encode("utf-16-le")})
    assert written(tmp_path, "a.msg", content)[0] == "5.1.8"


def test_a_table_that_bites_its_own_tail_ends(tmp_path: Path) -> None:
    content = compound_file({BODY: OLD_STYLE.encode("utf-16-le")}, large=True)
    itself = len(content) // SECTOR - 2
    assert written(tmp_path, "a.msg", content[:-4] + itself.to_bytes(4, "little"))[0] == "5.1.8"


def test_no_byte_of_an_outlook_file_is_believed() -> None:
    """Every byte of header, tables and directory is changed in turn: the file is refused, or read in finite time."""
    streams = {BODY: OLD_STYLE.encode("utf-16-le"), DIAGNOSIS: "550 5.1.1".encode("utf-16-le"), HTML: b"<p>no</p>"}
    content = compound_file(streams, large=True)
    places = [*range(600), *range(len(content) - 3_000, len(content), 3)]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        try:
            text_of_msg(bytes(damaged))
        except NoMsgError:
            continue
    for length in range(0, len(content), 97):
        try:
            text_of_msg(content[:length])
        except NoMsgError:
            continue
