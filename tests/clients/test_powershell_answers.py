"""What the answers of a PowerShell session mean."""

import pytest

from services.clients.exchange.cmdlets import CmdletFailed
from services.clients.exchange.powershell_answers import rows_of, trouble_at_start, worn_out
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

FORBIDDEN, THROTTLED = UnknownReason.NO_PERMISSION, UnknownReason.THROTTLED
LATE, AWAY = UnknownReason.TIMED_OUT, UnknownReason.UNREACHABLE


def error(message: str, kind: str = "System.Exception", reason: str = "") -> dict[str, object]:
    return {"id": 2, "error": {"type": kind, "reason": reason, "id": "Some,Write-ErrorMessage", "message": message}}


def test_rows_are_what_the_cmdlet_found() -> None:
    rows = rows_of({"id": 2, "rows": [{"Name": "a"}], "warnings": ["no settings have been modified"]}, {})
    assert (rows.rows, rows.complete) == (({"Name": "a"},), True)


@pytest.mark.parametrize(
    "warning", ["There are more results available.", "By default, only the first 1000 items are returned."]
)
def test_a_warning_that_there_is_more_makes_the_rows_incomplete(warning: str) -> None:
    assert not rows_of({"rows": [], "warnings": [warning]}, {}).complete


@pytest.mark.parametrize("body", [{}, {"rows": None}, {"rows": {}}, {"rows": ["x"]}, {"rows": "x"}])
def test_an_answer_of_no_known_shape_is_no_empty_list(body: dict[str, object]) -> None:
    with pytest.raises(Unavailable) as trouble:
        rows_of(body, {})
    assert trouble.value.reason is UnknownReason.UNEXPECTED_RESPONSE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (error("The remote server returned an error: (403) Forbidden."), FORBIDDEN),
        (error("no", reason="CmdletAccessDeniedException"), FORBIDDEN),
        (error("You have reached the maximum number of concurrent requests per tenant."), THROTTLED),
        (error("Too many requests"), THROTTLED),
        (error("The operation has timed out."), LATE),
        (error("A task was canceled.", "System.Threading.Tasks.TaskCanceledException"), LATE),
        (error("An error occurred", "System.Net.Http.HttpRequestException"), AWAY),
    ],
)
def test_what_was_not_carried_out_has_the_reasons_of_the_other_route(
    answer: dict[str, object], reason: UnknownReason
) -> None:
    with pytest.raises(Unavailable) as trouble:
        rows_of(answer, {})
    assert trouble.value.reason is reason
    assert trouble.value.detail


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (error("AADSTS7000222: expired"), FORBIDDEN),
        (error("UnAuthorized"), FORBIDDEN),
        (error("The term 'Get-X' is not recognized", "System.Management.Automation.CommandNotFoundException"), AWAY),
    ],
)
def test_a_session_whose_login_or_cmdlets_are_gone_ran_nothing(
    answer: dict[str, object], reason: UnknownReason
) -> None:
    trouble = worn_out(answer)
    assert trouble is not None
    assert (trouble.reason, trouble.may_have_arrived) == (reason, False)


def test_a_session_that_answers_or_refuses_goes_on() -> None:
    assert worn_out({"rows": []}) is None
    assert worn_out(error("(403) Forbidden")) is None


@pytest.mark.parametrize(
    ("answer", "may_have_arrived"),
    [(error("Too many requests"), False), (error("timed out"), True), (error("x", "HttpRequestException"), True)],
)
def test_only_what_was_turned_away_at_the_door_cannot_have_arrived(
    answer: dict[str, object], *, may_have_arrived: bool
) -> None:
    with pytest.raises(Unavailable) as trouble:
        rows_of(answer, {})
    assert trouble.value.may_have_arrived is may_have_arrived


ANA = {"SenderAddress": "Ana@contoso.example", "Force": True}
NOT_FOUND = "couldn't be found on 'AM6PR.prod.outlook.com'."
TYPED = "ManagementObjectNotFoundException"


@pytest.mark.parametrize(
    ("answer", "is_not_found"),
    [
        (error(f"Ex6F9304|Microsoft.Exchange.{TYPED}|The object 'ana@contoso.example' {NOT_FOUND}"), True),
        (error(f"'ana@contoso.example' {NOT_FOUND}"), True),
        (error("gone", reason=TYPED), True),
        (error("ana@contoso.example was unblocked too often"), False),
        (error(f"The policy 'Default' {NOT_FOUND}", reason=TYPED), False),
    ],
)
def test_only_the_object_that_was_asked_for_is_not_found(answer: dict[str, object], *, is_not_found: bool) -> None:
    with pytest.raises(CmdletFailed) as failed:
        rows_of(answer, ANA)
    assert failed.value.not_found is is_not_found
    assert "|" not in str(failed.value)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error("|Some.Exception|Too often\n unblocked."), "Too often unblocked."),
        (error(""), "an error without a text"),
        ({"error": ["?"]}, "['?']"),
        ({"error": None}, "an error without a text"),
        (error("x" * 1_000), "x" * 300),
    ],
)
def test_what_exchange_refuses_is_said_in_its_words(answer: dict[str, object], words: str) -> None:
    with pytest.raises(CmdletFailed) as failed:
        rows_of(answer, {})
    assert (str(failed.value), failed.value.not_found) == (words, False)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (error("AADSTS700027: the certificate is not registered"), FORBIDDEN),
        (error("The role assigned to application a isn't supported in this scenario."), FORBIDDEN),
        (error("UnAuthorized"), FORBIDDEN),
        (error("No such host is known", "System.Net.Http.HttpRequestException"), AWAY),
        (error("The specified module was not loaded", "System.IO.FileNotFoundException"), AWAY),
        ({"error": ["?"]}, AWAY),
    ],
)
def test_whatever_keeps_it_from_connecting_no_cmdlet_ran(answer: dict[str, object], reason: UnknownReason) -> None:
    trouble = trouble_at_start(answer)
    assert (trouble.reason, trouble.may_have_arrived) == (reason, False)
    assert trouble.detail.startswith("login: ")
