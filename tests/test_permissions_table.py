"""The document about permissions has the grants that the code knows, and each grant is one that the code uses."""

import os
import re
from pathlib import Path

import pytest

from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from services.domain.permissions import NEEDS
from tests.permissions_table import permissions_table

DOCUMENT = Path(__file__).parents[1] / "docs" / "permissions.md"
BEGIN, END = "<!-- permissions: begin -->\n", "<!-- permissions: end -->"


def test_the_document_has_the_table_of_the_code() -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    drawn, _, after = rest.partition(END)
    if os.environ.get("SENDWELL_REDRAW"):
        DOCUMENT.write_text(f"{before}{BEGIN}{permissions_table()}\n{END}{after}", encoding="utf-8")
        return
    assert drawn == f"{permissions_table()}\n", "run the tests with SENDWELL_REDRAW=1"


@pytest.mark.parametrize("group", [BOT, RESPONDER])
def test_every_cmdlet_of_a_role_is_in_one_row(group: str) -> None:
    named = [cmdlet for need in NEEDS if group in need.apps for cmdlet in need.cmdlets]
    assert sorted(named) == sorted(cmdlets_of(group))


def test_the_cmdlets_of_a_row_are_in_one_role() -> None:
    for need in NEEDS:
        if role := need.management_role:
            assert set(need.cmdlets) <= set(role.cmdlets), need.key


def test_a_row_is_a_permission_or_cmdlets_and_no_id_stands_twice() -> None:
    assert [need.key for need in NEEDS if bool(need.permission) is bool(need.cmdlets)] == []
    ids = [need.role_id for need in NEEDS if need.role_id]
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in ids)
    assert len(ids) == len(set(ids)) == sum(bool(need.permission) for need in NEEDS) - 1  # one id is not published
