"""A read of the list against what was known of it."""

from dataclasses import replace

from services.domain.list_monitor import KnownEntry, compare, is_due, known_entry, still_news
from services.domain.restriction import RestrictedList, Restriction
from tests.cases import MINUTE, NOW, SINCE, restriction

ANA = restriction()
KNOWN = {ANA.address: known_entry(ANA)}


def read(*entries: Restriction, late: int = 0) -> RestrictedList:
    return RestrictedList(entries=entries, complete=True, read_at=NOW + late * MINUTE)


def test_who_is_known_is_no_news_and_who_is_not_is() -> None:
    assert compare(read(ANA), KNOWN, MINUTE).added == ()
    seen = compare(read(ANA), {}, MINUTE)
    assert (seen.added, seen.known) == ((ANA,), ())  # known only when it was taken in


def test_what_could_not_be_taken_in_stays_news_and_is_tried_less_and_less_often() -> None:
    waits, times = None, []
    for _ in range(9):
        waits = still_news(ANA, waits, NOW, 5 * MINUTE)
        assert waits.due is not None
        times.append(waits.due - NOW)
    assert times[:4] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert times[4:] == [60 * MINUTE] * 5
    assert waits is not None
    assert compare(read(ANA), {ANA.address: waits}, MINUTE).added == (ANA,)
    absent = replace(waits, absent_at=NOW)
    assert compare(read(ANA, late=1), {ANA.address: absent}, MINUTE).known == ()  # not taken in by coming back


def test_a_restriction_that_began_later_is_news() -> None:
    again = replace(ANA, since=NOW)
    assert compare(read(again), KNOWN, MINUTE).added == (again,)
    assert compare(read(replace(ANA, since=None)), KNOWN, MINUTE).added == ()
    undated = {ANA.address: replace(KNOWN[ANA.address], since=None)}
    assert compare(read(ANA), undated, MINUTE).added == ()
    assert compare(read(ANA), KNOWN, MINUTE).known == ()  # an unchanged entry is not stored again


def test_gone_are_two_reads_apart_and_coming_back_between_them_is_nothing() -> None:
    first = compare(read(), KNOWN, MINUTE)
    assert first.gone == ()
    absent = KnownEntry(address=ANA.address, since=SINCE, absent_at=NOW)
    assert first.known == (absent,)
    assert compare(read(), {ANA.address: absent}, MINUTE).gone == ()
    assert compare(read(late=1), {ANA.address: absent}, MINUTE).gone == (ANA.address,)
    back = compare(read(ANA, late=1), {ANA.address: absent}, MINUTE)
    assert (back.added, back.known, back.gone) == ((), (known_entry(ANA),), ())


def test_a_clock_that_was_set_back_puts_nothing_off_longer_than_any_wait() -> None:
    waits = still_news(ANA, None, NOW, 5 * MINUTE)
    assert not is_due(waits, NOW, 5 * MINUTE)
    assert is_due(waits, NOW + 5 * MINUTE, 5 * MINUTE)
    assert is_due(waits, NOW - 60 * MINUTE, 5 * MINUTE)
