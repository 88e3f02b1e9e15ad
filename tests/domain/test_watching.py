"""A read of the list against what was known of it."""

from dataclasses import replace

from services.domain.list_monitor import Noticed, compared, noticed
from services.domain.restriction import RestrictedList, Restriction
from tests.cases import MINUTE, NOW, SINCE, restriction

ANA = restriction()
KNOWN = {ANA.address: noticed(ANA)}


def read(*entries: Restriction, late: int = 0) -> RestrictedList:
    return RestrictedList(entries=entries, complete=True, read_at=NOW + late * MINUTE)


def test_who_is_known_is_no_news_and_who_is_not_is() -> None:
    assert compared(read(ANA), KNOWN, MINUTE).news == ()
    seen = compared(read(ANA), {}, MINUTE)
    assert (seen.news, seen.known) == ((ANA,), (noticed(ANA),))


def test_a_restriction_that_began_later_is_news() -> None:
    again = replace(ANA, since=NOW)
    assert compared(read(again), KNOWN, MINUTE).news == (again,)
    assert compared(read(replace(ANA, since=None)), KNOWN, MINUTE).news == ()
    undated = {ANA.address: replace(KNOWN[ANA.address], since=None)}
    assert compared(read(ANA), undated, MINUTE).news == ()
    assert compared(read(ANA), KNOWN, MINUTE).known == ()  # nothing new is known of it


def test_gone_are_two_reads_apart_and_coming_back_between_them_is_nothing() -> None:
    first = compared(read(), KNOWN, MINUTE)
    assert first.gone == ()
    absent = Noticed(address=ANA.address, since=SINCE, absent_at=NOW)
    assert first.known == (absent,)
    assert compared(read(), {ANA.address: absent}, MINUTE).gone == ()
    assert compared(read(late=1), {ANA.address: absent}, MINUTE).gone == (ANA.address,)
    back = compared(read(ANA, late=1), {ANA.address: absent}, MINUTE)
    assert (back.news, back.known, back.gone) == ((), (noticed(ANA),), ())
