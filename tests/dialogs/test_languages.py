"""Each person's chat is in the language they chose; the channel's language does not change with it."""

import pytest

from cards.words import languages, words_for
from dialogs.conversations.inbound import ConversationKind
from tests.cases import BO
from tests.dialogs.world import ANA_CLICKS, World


async def test_a_person_reads_german_while_the_channel_stays_english(w: World) -> None:
    assert "Ab jetzt spreche ich hier Deutsch" in await w.says(ANA_CLICKS, "language de")
    assert "Ihre Adresse ist nicht eingeschränkt" in await w.says(ANA_CLICKS, "why can't I send email")
    await w.ana_has_sent()
    assert "Bei den Admins" in w.ana_sees()
    assert "Waiting for a decision" in w.approvers_see()
    await w.bo_approves()
    assert "Genehmigt, wird freigeschaltet" in w.ana_sees()
    assert "Approved by Bo Larsen" in w.approvers_see()
    assert "From now on I speak English" in await w.says(ANA_CLICKS, "language en")
    await w.says(ANA_CLICKS, "status")
    assert "Approved, being unblocked" in w.ana_sees()


async def test_a_click_answers_in_the_chosen_language(w: World) -> None:
    await w.says(ANA_CLICKS, "language de")
    await w.ana_asks()
    assert "Schritt 1 von 3: Kennwort" in w.ana_sees()
    assert "jederzeit erneut anfragen" in await w.presses(ANA_CLICKS, "withdraw")
    assert "Zurückgezogen" in w.ana_sees()
    assert "Dieser Fall ist beendet; es wurde nichts geändert" in await w.presses(ANA_CLICKS, "withdraw")


async def test_languages_are_listed_in_the_chosen_one(w: World) -> None:
    spoken = ", ".join(f"{words_for(language)('language.name')} ({language})" for language in sorted(languages()))
    assert "Deutsch (de), English (en)" in spoken
    assert f"I speak {spoken}" in await w.says(ANA_CLICKS, "language")
    await w.says(ANA_CLICKS, "language de")
    assert f"Ich spreche {spoken}. Dieser Chat ist auf Deutsch" in await w.says(ANA_CLICKS, "language")


@pytest.mark.parametrize("command", ["cases", "restricted", "help"])
async def test_an_approver_commands_in_english_and_is_answered_in_german(w: World, command: str) -> None:
    answers = {"cases": "0 offene Fälle", "restricted": "Niemand ist eingeschränkt", "help": "Befehle für Genehmigende"}
    await w.says(BO, "language de")
    assert answers[command] in await w.says(BO, command)
    assert answers[command] not in await w.says(BO, command, ConversationKind.CHANNEL)
