"""Every picture the bot can draw, by name: for the judges, the golden files and the screenshots."""

from dataclasses import replace
from datetime import timedelta

from cards.case_card import case_card
from cards.digest_card import digest_card
from cards.person_card import person_card
from cards.small_cards import (
    Checked,
    cases_card,
    channel_help_card,
    folded_card,
    help_card,
    not_restricted_card,
    one_line,
    restricted_card,
    tell_approvers_card,
)
from cards.view import Links, View
from cards.words import Words, words_for
from services.domain.bounce import Bounce, Meaning
from services.domain.case import Case, CaseNumber, Mark, Question, Status
from services.domain.knowledge import Why
from services.domain.restriction import RestrictedList
from services.domain.securing import Mailing, MfaFinding, MfaProof, PasswordFinding, PasswordProof, Says, SentMailing
from services.ports import Card
from tests.cases import (
    ADDRESSES,
    BO,
    CASES,
    LIMIT_REASON,
    LIMITS,
    NOW,
    PROVEN_MFA,
    PROVEN_PASSWORD,
    RATE_REASON,
    SPAM_REASON,
    restriction,
)

HOSTILE = (
    "**bold** [link](https://evil.example) {{DATE(2020-01-01T00:00:00Z)}} \u202egpj.exe <b>x</b>\n✅ Sending works"
)
LINKS = Links(
    password_reset="https://passwordreset.example",
    security_info="https://security.example",
    helpdesk="IT desk, ext. 100",
)
VIEW = View(words=words_for("en-GB"), now=NOW, limits=LIMITS, links=LINKS)
WAITING, SECURING, OFF = CASES[Status.WAITING], CASES[Status.SECURING], CASES[Status.OFF_LIST]
CANNOT_PASSWORD = PasswordProof(says=Says.CANNOT, finding=PasswordFinding.ON_PREMISES)


def _both(view: View) -> dict[str, Card]:
    drawn = {f"person-{status.name.lower()}": person_card(case, view) for status, case in CASES.items()}
    return drawn | {f"approver-{status.name.lower()}": case_card(case, view) for status, case in CASES.items()}


def _persons() -> dict[str, Case]:
    contradicted = PasswordProof(says=Says.DONE, finding=PasswordFinding.CHANGED_BEFORE, changed_at=NOW)
    unchecked = PasswordProof(says=Says.DONE, why=Why.TIMED_OUT)
    return {
        "still-looking": replace(CASES[Status.LOOKING], not_looked=None),
        "looking-told": replace(CASES[Status.LOOKING], admins_told_at=NOW),
        "no-self-service": replace(SECURING, self_service_reset=False, restriction=restriction("odd", since=None)),
        "password-again": replace(SECURING, password=contradicted, restriction=restriction(temporary=True)),
        "mfa": replace(SECURING, password=PROVEN_PASSWORD, restriction=restriction(SPAM_REASON)),
        "password-on-premises": replace(SECURING, password=PasswordProof(finding=PasswordFinding.ON_PREMISES)),
        "password-federated": replace(SECURING, password=PasswordProof(finding=PasswordFinding.FEDERATED)),
        "mfa-unchecked": replace(SECURING, password=unchecked, restriction=restriction(RATE_REASON)),
        "mfa-cannot": replace(SECURING, password=CANNOT_PASSWORD),
        "mfa-none": replace(SECURING, password=PROVEN_PASSWORD, mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NONE)),
        "mailing": replace(SECURING, password=PROVEN_PASSWORD, mfa=PROVEN_MFA, previous=CaseNumber(3)),
        "mailing-new-method": replace(
            SECURING,
            password=PROVEN_PASSWORD,
            mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NEW, kinds=("one-time code", "Windows Hello")),
        ),
        "send": replace(
            SECURING,
            password=replace(PROVEN_PASSWORD, changed_by=None),
            mfa=MfaProof(says=Says.CANNOT),
            mailing=Mailing(sent=SentMailing.UNSURE),
        ),
        "waiting-open": replace(WAITING, mfa=MfaProof(), mailing=None),
        "waiting-replied": replace(CASES[Status.NEEDS_INFO], status=Status.WAITING, question=_replied()),
        "bouncing": replace(OFF, bouncing_at=NOW),
        "bouncing-late": replace(OFF, off_list_at=NOW - timedelta(hours=2), bouncing_at=NOW),
        "denied-pause-over": replace(CASES[Status.DENIED], ended_at=NOW - timedelta(hours=2)),
    }


def _replied() -> Question:
    question = CASES[Status.NEEDS_INFO].question
    assert question is not None
    return replace(question, reply="Our own tool.", replied_at=NOW)


def _approvers() -> dict[str, Case]:
    return {
        "spam": replace(WAITING, restriction=restriction(SPAM_REASON)),
        "rate": replace(WAITING, restriction=restriction(RATE_REASON)),
        "unknown": replace(WAITING, restriction=restriction("Strange=1", since=None)),
        "no-entry": replace(WAITING, restriction=None),
        "temporary-soon": replace(WAITING, restriction=restriction(temporary=True, since=NOW - timedelta(hours=10))),
        "internal-limit": replace(
            WAITING,
            restriction=restriction(LIMIT_REASON.replace("External;", "Internal;")),
            password=CANNOT_PASSWORD,
            mfa=MfaProof(),
            mailing=None,
        ),
        "federated": replace(
            WAITING,
            restriction=restriction("EmailSendingLimitExceeded"),
            password=PasswordProof(says=Says.DONE, finding=PasswordFinding.FEDERATED),
            mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NEW, kinds=("passkey",)),
        ),
        "hostile": replace(WAITING, name=HOSTILE, note=HOSTILE * 20, phone=None, manager=None),
        "being-looked-at": replace(
            WAITING, looking=Mark(by=BO.id, name=BO.name, at=NOW), nobody_else=True, unreachable="403 blocked"
        ),
        "replied": replace(
            CASES[Status.NEEDS_INFO], status=Status.WAITING, question=_replied(), previous=CaseNumber(3)
        ),
        "unclear": replace(
            CASES[Status.APPROVED], release_calls=1, release_tried_at=NOW, release_error="timed out: HTTP 504"
        ),
        "bouncing": replace(OFF, bouncing_at=NOW),
        "checked-once": replace(CASES[Status.RELEASED], checks=1, checked_at=NOW),
        "checked-absent": replace(CASES[Status.RELEASED], checks=3, checked_at=NOW, absent_at=NOW),
        "third-time": replace(WAITING, earlier_restrictions=2, earlier_releases=1, times_asked=3),
        "counts-missing": replace(WAITING, restriction=restriction("RecipientRateLimitExceeded")),
        "spam-counts-missing": replace(WAITING, restriction=restriction("OutboundSpamLast24Hours=x")),
    }


def _small(view: View) -> dict[str, Card]:
    checked = Checked(addresses=ADDRESSES, read_at=NOW)
    listing = RestrictedList(entries=(restriction(), restriction("x", since=None)), complete=False, read_at=NOW)
    bounces = {
        f"bounce-{meaning.name.lower()}": not_restricted_card(checked, Bounce(code="5.7.1", meaning=meaning), view)
        for meaning in Meaning
    }
    return bounces | {
        "not-restricted": not_restricted_card(checked, None, view),
        "help": help_card(view),
        "channel-help": channel_help_card(view),
        "folded": folded_card(WAITING, view),
        "one-line": one_line("A sentence."),
        "cases": cases_card([WAITING, OFF], view),
        "cases-none": cases_card([], view),
        "restricted": restricted_card(listing, view),
        "restricted-one": restricted_card(replace(listing, entries=listing.entries[:1], complete=True), view),
        "digest": digest_card(_wave(12), view),
        "digest-noticed": digest_card(_wave(12), _noticed(view)),
        "digest-long": digest_card(_wave(45), view),
        "digest-settled": digest_card([CASES[Status.WORKS], CASES[Status.DENIED]], view),
        "help-approver": help_card(view, for_approver=True),
        "tell": tell_approvers_card("Reminder", view),
    }


def _noticed(view: View) -> View:
    return replace(view, notice=view.words("refusal.not_approver"))


def _wave(number: int) -> list[Case]:
    """Many at once, some of them settled already."""
    kinds = (CASES[Status.WORKS], WAITING, replace(WAITING, restriction=restriction(SPAM_REASON)))
    return [
        replace(kinds[n % 3], number=CaseNumber(100 + n), name=f"Sample Person {n}", version=1) for n in range(number)
    ]


def pictures(words: Words = VIEW.words) -> dict[str, Card]:
    """All of them, in one language."""
    view = replace(VIEW, words=words)
    noticed, bare = _noticed(view), replace(view, links=replace(LINKS, helpdesk=None))
    return (
        _both(view)
        | {f"person-{name}": person_card(case, view) for name, case in _persons().items()}
        | {f"approver-{name}": case_card(case, view) for name, case in _approvers().items()}
        | _small(view)
        | {
            "approver-noticed": case_card(WAITING, noticed),
            "person-noticed": person_card(WAITING, noticed),
            "person-drafted": person_card(CASES[Status.NEEDS_INFO], replace(view, draft="Our own tool.")),
            "person-no-helpdesk": person_card(replace(SECURING, password=CANNOT_PASSWORD), bare),
        }
    )
