"""A finding of the doctor as sentences, for the approvers' card and for the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cards.text import user_text
from cards.words import Words
from services.domain.doctor.findings import Finding, Health, worst_first

_LINE_AT_MOST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords:
    """`title` names what was looked at; `said` is what is wrong and what is lost, `step` what mends it. Both are empty
    where all is well."""

    title: str
    said: str = ""
    step: str = ""


def finding_words(finding: Finding, words: Words) -> FindingWords:
    title = words(f"doctor.check.{finding.check}")
    title = f"{title}: {finding.what}" if finding.what else title
    if not finding.says:
        return FindingWords(title=title)
    filled = {"what": finding.what, **finding.filled}
    said = words(f"doctor.{finding.says}.said", **filled)
    if finding.need:
        said = f"{said} {words('doctor.without', lost=words(f'need.{finding.need}.without'))}"
    return FindingWords(title=title, said=said, step=words(f"doctor.{finding.says}.step", **filled))


def printed(findings: Sequence[Finding], words: Words) -> Iterator[str]:
    """The lines of a terminal, what is missing first: a line a finding, and below it what is wrong and the step."""
    for finding in worst_first(findings):
        said = finding_words(finding, words)
        yield f"{_health(finding, words):16} {_plain(said.title)}"
        if said.said:
            yield f"{'':16} {_plain(said.said)}"
            yield f"{'':16} -> {_plain(said.step)}"


def lacking(findings: Sequence[Finding], words: Words) -> list[str]:
    """A sentence for each thing that must be mended; what may be left out is none."""
    wrong = [one for one in findings if one.health is Health.MISSING and not one.optional]
    told = [finding_words(one, words) for one in wrong]
    return [_plain(f"{one.title}: {one.said} {one.step}") for one in told]


def _plain(text: str) -> str:
    """On one line, and without what a terminal obeys: a group's name is anybody's words."""
    return user_text(text, _LINE_AT_MOST)


def _health(finding: Finding, words: Words) -> str:
    left_out = finding.optional and finding.health is Health.MISSING
    return words("doctor.health.optional" if left_out else f"doctor.health.{finding.health}")
