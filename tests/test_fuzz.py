"""Some of the odd inputs that `python -m tests.fuzz` sends by the million, the same in every run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.intent import read_command, read_wish
from tests.fuzz import TARGETS, Target, failures


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_odd_input_breaks_a_reader(target: Target) -> None:
    assert failures(target, 120) == []


def test_a_reader_that_breaks_is_found() -> None:
    fragile = Target(name="fragile", make=lambda chance: chance.randrange(9), run=lambda number: 1 // number)
    assert "ZeroDivisionError" in failures(fragile, 100)[0]


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=80))
def test_any_text_is_a_wish_and_perhaps_a_command(text: str) -> None:
    read_wish(text)
    read_command(text)
