"""Bounces of other makers' servers, which often give no code: cause and recipient, each judged by its folder's name."""

from pathlib import Path

import pytest

from bench.judge_bounces import Judged, judged
from services.domain.bounce.bounce import read_bounce
from services.domain.bounce.whose import Whose, whose

FOLDER = Path(__file__).parents[1] / "bounces"
ANA, IDA = "ana.soto@contoso.example", "ida@fabrikam.example"
NAME_NOBODY = ("automatic_reply", "class_other", "feedback_report", "google_group_refused", "no_bounce")
ROWS = list(judged(FOLDER))


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_each_is_read_as_its_folder_says(row: Judged) -> None:
    assert row.is_labelled
    assert row.read == row.label


@pytest.mark.parametrize("row", [row for row in ROWS if row.label not in NAME_NOBODY], ids=lambda row: row.name)
def test_each_befell_the_one_that_it_names(row: Judged) -> None:
    bounce = read_bounce((FOLDER / row.name).read_text(encoding="utf-8"))
    assert bounce is not None
    assert {one for trouble in bounce.troubles for one in trouble.recipients} == {IDA}
    assert bounce.sender in (ANA, None)
    assert whose(bounce, bounce.holders) is not Whose.INCOMING


def test_words_that_people_write_are_still_no_bounce() -> None:
    for words in (
        "my mailbox is full of offers",
        "Unknown user: who is that?",
        "I gave up after an hour",
        "out of office",
    ):
        assert read_bounce(words) is None, words


def test_a_mail_that_only_looks_like_one_of_a_mail_system_says_nothing_of_a_restriction() -> None:
    mail = (FOLDER / "class_other" / "nothing_said.eml").read_text(encoding="utf-8")
    bounce = read_bounce(mail)
    assert bounce is not None
    assert bounce.code is None
