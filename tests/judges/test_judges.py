"""The judges themselves: they pass what is good, and refuse what is broken."""

from functools import cache

import pytest

from tests.judges.judges import judge, judge_all
from tests.judges.sample_cards import (
    BROKEN_FOR_BOTH,
    BROKEN_FOR_THE_MODELS,
    BROKEN_FOR_THE_PARSER,
    GOOD,
    NOTE,
    TEXT,
    card,
    form,
)


@cache
def complaints() -> dict[str, list[str]]:
    """About every sample, from one run of Node."""
    return judge_all(GOOD | BROKEN_FOR_BOTH | BROKEN_FOR_THE_PARSER | BROKEN_FOR_THE_MODELS)


def judges_who_refuse(name: str) -> set[str]:
    return {complaint.partition(":")[0] for complaint in complaints()[name]}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_card_passes_both(name: str) -> None:
    assert complaints()[name] == []


@pytest.mark.parametrize("name", BROKEN_FOR_BOTH)
def test_both_refuse(name: str) -> None:
    assert judges_who_refuse(name) == {"parser", "models"}, complaints()[name]


@pytest.mark.parametrize("name", BROKEN_FOR_THE_PARSER)
def test_only_the_parser_refuses(name: str) -> None:
    assert judges_who_refuse(name) == {"parser"}, complaints()[name]


@pytest.mark.parametrize("name", BROKEN_FOR_THE_MODELS)
def test_only_the_models_refuse(name: str) -> None:
    assert judges_who_refuse(name) == {"models"}, complaints()[name]


def test_no_two_samples_share_a_name() -> None:
    samples = (GOOD, BROKEN_FOR_BOTH, BROKEN_FOR_THE_PARSER, BROKEN_FOR_THE_MODELS)
    assert len(complaints()) == sum(len(some) for some in samples)


def test_a_complaint_says_where() -> None:
    broken = card(TEXT, actions=[form(NOTE, {**TEXT, "warp": True})])
    assert judge(broken) == ["models: card.actions[0].card.body[1]: unknown property 'warp'"]


def test_one_card_is_judged_as_many_are() -> None:
    name = "unknown element"
    assert judge(BROKEN_FOR_BOTH[name]) == complaints()[name]
