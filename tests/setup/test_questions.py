"""What setup asks: each answer is looked at as it is given, and nothing is asked that leads nowhere."""

from pathlib import Path
from typing import Any

import pytest

from services.setup import command
from services.setup.questions import QUESTIONS
from services.setup.wanted import read_plan, written
from tests.setup.office import GIVEN, KEY

TYPED = {name: one if isinstance(one, str) else ", ".join(one) for name, one in GIVEN.items()}


class Desk:
    """An administrator who types these answers, each to the question it is for; then leaves."""

    def __init__(self, answers: dict[str, list[str]]) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self._answers = {TEXTS[name]: list(typed) for name, typed in answers.items()}

    def say(self, line: str) -> None:
        self.said.append(line)

    def ask(self, question: str) -> str | None:
        text = next(text for text in TEXTS.values() if text in question.splitlines()[-1])
        self.asked.append(next(name for name, one in TEXTS.items() if one == text))
        waiting = self._answers.get(text, [])
        return waiting.pop(0) if waiting else None

    @property
    def text(self) -> str:
        return "\n".join(self.said)


TEXTS = {one.name: one.asks for one in QUESTIONS}


def answering(folder: Path, **other: list[str]) -> Desk:
    """Somebody answers; the plan stands in the folder. No service is there, so the plan is all that comes of it."""
    desk = Desk({name: [TYPED.get(name, "")] for name in TEXTS} | other)
    plan = command._asked(desk, lambda: KEY)
    if plan is not None:
        (folder / "sendwell.toml").write_text(plan, encoding="utf-8")
    return desk


def plan_in(folder: Path) -> Any:
    return read_plan((folder / "sendwell.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("tenant", "contoso", "It has to be a GUID"),
        ("public_url", "http://localhost:3978", "It has to be an https:// address."),
        ("public_url", "sendwell.contoso.com", "It has to be an https:// address."),
        ("public_url", "https://sendwell", "a host name of the internet"),
        ("public_url", "https://sendwell.contoso.example", "a host name of the internet"),
        ("public_url", "https://192.0.2.7", "a host name of the internet"),
        ("public_url", "https://sendwell.contoso.com:3978", "without a port"),
        ("public_url", "https://sendwell.contoso.com:port", "It has to be an https:// address."),
        ("public_url", "https://sendwell.contoso.com/api/messages", "without /api/messages"),
        ("credential", "password", "It has to be certificate or secret."),
        ("approvers", "bo@contoso.com", "two user names at least"),
        ("approvers", "bo@contoso.com, Bo@contoso.com", "two user names at least"),
        ("approvers", "bo, cleo", "user names such as bo@contoso.com"),
        ("responders", "bo", "user names such as bo@contoso.com"),
        ("subscription", "ours", "It has to be a GUID"),
        ("website", "", "It has to be an https:// address that people can open"),
        ("privacy", "www.contoso.com", "It has to be an https:// address that people can open"),
    ],
)
def test_an_answer_that_will_not_do_is_asked_for_again_at_once(
    tmp_path: Path, name: str, wrong: str, said: str
) -> None:
    desk = answering(tmp_path, **{name: [wrong, TYPED[name]]})
    assert said in desk.text
    assert desk.asked.count(name) == 2
    assert plan_in(tmp_path) == read_plan(written(KEY, GIVEN))


def test_a_question_mark_explains_and_is_no_answer(tmp_path: Path) -> None:
    desk = answering(tmp_path, **{name: ["?", TYPED.get(name, "")] for name in TEXTS})
    assert all(one.more in desk.text for one in QUESTIONS)
    assert plan_in(tmp_path) == read_plan(written(KEY, GIVEN))


def test_of_a_bot_that_is_made_by_hand_nothing_more_is_asked(tmp_path: Path) -> None:
    desk = answering(tmp_path, subscription=[""])
    assert not {"resource_group", "region"} & set(desk.asked)
    assert plan_in(tmp_path).bot is None


def test_without_responders_no_second_app_is_planned(tmp_path: Path) -> None:
    answering(tmp_path, responders=[""])
    plan = plan_in(tmp_path)
    assert (plan.responders, "containment" in plan.features) == (None, False)
    answering(tmp_path)
    assert "containment" in plan_in(tmp_path).features


def test_who_leaves_in_the_middle_leaves_no_plan(tmp_path: Path) -> None:
    answering(tmp_path, approvers=[])
    assert not (tmp_path / "sendwell.toml").exists()


def test_every_answer_is_in_the_plan() -> None:
    answers = {one.name: (f"a-{one.name}@b",) if one.many else f"answer-{one.name}" for one in QUESTIONS}
    text = written(KEY, answers)
    assert all((answer if isinstance(answer, str) else answer[0]) in text for answer in answers.values())
