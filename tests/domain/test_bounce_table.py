"""The table of causes: complete, without contradictions, and each row of it can be reached."""

import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from services.domain.bounce.bounce import Meaning, read_bounce
from services.domain.bounce.cause import Cause, Fixer, Weight
from services.domain.bounce.table import ALL, NAMED, Signs, look_up

WORDS = Path(__file__).parents[2] / "cards" / "words"


def of_weight(*weights: Weight) -> list[Cause]:
    return [cause for cause in ALL if cause.weight in weights]


def words_of(cause: Cause) -> list[str]:
    """A text for each of its phrases."""
    return [" and then ".join(phrase) for phrase in cause.says]


def found(code: str | None, words: str) -> str | None:
    final = code is None or code[0] == "5"
    signs = Signs(codes=(code,) if code else (), words=words, replied=True, answered=True, final=final)
    looked_up = look_up(signs)
    return looked_up[1].name if looked_up else None


def test_the_table_is_large_and_every_row_has_a_name_of_its_own() -> None:
    assert len(ALL) >= 200
    assert len(NAMED) == len(ALL)
    assert len({code for cause in ALL for code in cause.codes}) >= 600
    assert {cause.fixer for cause in ALL} == set(Fixer) - {Fixer.SENDER_SIDE_ADMIN_ELSEWHERE}
    assert {cause.meaning for cause in ALL} == set(Meaning)


def test_every_row_says_where_it_comes_from() -> None:
    assert [cause.name for cause in ALL if not cause.source.startswith("https://")] == []


def test_no_two_rows_claim_one_code() -> None:
    claims = Counter(code for cause in of_weight(Weight.CODE, Weight.ROUGH_CODE) for code in cause.codes)
    assert [code for code, number in claims.items() if number > 1] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_row_has_its_sentences_and_no_two_rows_have_the_same(language: str) -> None:
    text = (WORDS / language / "LC_MESSAGES" / "sendwell.po").read_text(encoding="utf-8")
    pairs = dict(entry.partition("\n")[::2] for entry in text.split("\n\n") if entry.startswith('msgid "bounce.'))
    keys = {f'msgid "bounce.{cause.name}.{part}"' for cause in ALL for part in ("means", "next")}
    assert keys <= pairs.keys()
    assert {key for key in pairs if key.endswith(('.means"', '.next"'))} == keys
    said = Counter(f"{pairs[key]} {pairs[key.replace('.means', '.next')]}" for key in keys if key.endswith('.means"'))
    assert [sentence for sentence, number in said.items() if number > 1] == []


def test_every_row_that_needs_code_and_words_is_found_by_them() -> None:
    for cause in of_weight(Weight.CODE_AND_WORDS):
        for words in words_of(cause):
            assert cause.name in {found(code, words) for code in cause.codes}


def test_every_code_of_a_row_is_found_by_itself() -> None:
    for cause in of_weight(Weight.CODE, Weight.ROUGH_CODE):
        for code in cause.codes:
            assert found(code, "") == cause.name, code


def test_every_row_of_words_is_found_by_them() -> None:
    for cause in of_weight(Weight.SENTENCE, Weight.HINT, Weight.FOREIGN_WORDS, Weight.BROAD_WORDS):
        assert {found(None, words) for words in words_of(cause)} == {cause.name}


def test_phrases_are_written_as_texts_are_read() -> None:
    pieces = [piece for cause in ALL for phrase in cause.says for piece in phrase]
    assert [piece for piece in pieces if unicodedata.normalize("NFKC", piece.casefold()).strip() != piece] == []
    assert [piece for piece in pieces if len(piece) < 3 or "’" in piece] == []


def test_nothing_but_the_phrase_claims_that_the_sender_is_restricted() -> None:
    claiming = [cause for cause in ALL if cause.meaning is Meaning.RESTRICTED_SENDER]
    assert {cause.name for cause in claiming} == {"sender_restricted", "sender_restricted_no_code"}
    assert all(cause.says and cause.weight in (Weight.CODE_AND_WORDS, Weight.SENTENCE) for cause in claiming)
    for code in ("5.1.8", "5.1.90", "5.7.501", "5.7.705"):
        bounce = read_bounce(f"550 {code} Access denied")
        assert bounce is not None
        assert bounce.meaning is not Meaning.RESTRICTED_SENDER
