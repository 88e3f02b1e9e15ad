"""A case: one person's restriction from the first look to verified sending."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from services.domain.case.call_codes import CallCode
from services.domain.case.episode import Episode, with_alarms
from services.domain.case.facts import Facts
from services.domain.case.intended import DroppedApproval, IntendedApproval, StoppedRelease
from services.domain.case.parts import (
    CaseNumber,
    Contact,
    Decision,
    LapsedApproval,
    ListReads,
    Past,
    Proofs,
    Request,
    Sender,
    UnblockProgress,
    Unresolved,
)
from services.domain.case.status import Status
from services.domain.containment.beyond_baseline import KnownBefore
from services.domain.containment.containment import Containment
from services.domain.containment.found_again import found_again
from services.domain.containment.known_anew import adds_a_kind, is_newer
from services.domain.containment.open_items import OpenItem, OpenKind
from services.domain.containment.still_open import still_open
from services.domain.delivery.delivery import Delivery
from services.domain.evidence.audit_search import AuditSearch
from services.domain.evidence.findings import Finding, are_clean
from services.domain.evidence.report import Gap, Report, gaps
from services.domain.evidence.verdict import Judgement, Verdict, VerdictReason, judge_answers, others_that_look_stolen
from services.domain.limits.change import LimitChange
from services.domain.people import PersonId, SignOff
from services.domain.personal import ApproversOnly, Personal, Unseen, loggable
from services.domain.proofs.securing import (
    WERE_THERE,
    ApprovalCondition,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    Says,
    conditions_of_proofs,
)
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST, all_proven
from services.domain.restriction import Restriction, all_begun_by, first_start
from services.domain.trouble.trouble import Trouble
from services.domain.unknown import NOT_ASKED, PASSING, Unknown, UnknownReason

UNNUMBERED = CaseNumber(0)
"""The number of a case that is not yet saved."""


UNBLOCK_CALLS_AT_MOST = 3
"""Calls of Remove for one approval; each may use up one of the account's limited unblocks."""


_WAITED_FOR = frozenset({ApprovalCondition.EVIDENCE_PENDING, ApprovalCondition.MFA_UNDATED})


class SecuringStep(StrEnum):
    """The steps of securing an account."""

    PASSWORD = "password"
    MFA = "mfa"
    MAILING = "mailing"
    SEND = "send"


# Without slots: what takes long to judge, and is asked for again and again by one card, is kept beside the fields.
@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that is known of one request. Every change is a transition (see `apply`)."""

    number: CaseNumber = UNNUMBERED
    version: int = 0
    status: Status
    opened_at: datetime
    ended_at: datetime | None = None
    sender: Sender
    contact: Contact
    past: Past = Past()
    bounce_code: str | None = None
    bounce_cause: str = ""
    """The name of the cause that the table has for the bounce; empty without one."""
    bounce_sent_at: datetime | None = None
    """When the message was sent that came back, as far as its headers say so credibly."""
    trouble: Trouble | None = None
    """What the case is about instead of a restriction."""
    restriction: Restriction | None = None
    """The entry of the restricted list that judges: of several the one with the worst cause."""
    also_listed: tuple[Restriction, ...] = ()
    """The entries of the mailbox's other addresses."""
    look_failed: UnknownReason | None = None
    """Why the last look failed; `None` while it is only slow, and after one that succeeded."""
    proofs: Proofs = Proofs()
    evidence_wanted_at: ApproversOnly[Personal[datetime | None]] = None
    evidence: ApproversOnly[Personal[Report | None]] = None
    evidence_overdue: ApproversOnly[bool] = False
    """Whether the evidence that was asked for last did not come in time."""
    audit_search: Unseen[ApproversOnly[Personal[AuditSearch | None]]] = None
    """What will find the earlier restrictions; `None` if no search is on its way."""
    episode: ApproversOnly[Episode] = Episode()
    """What this case has in common with others about the same restriction: a bad sign does not go away by itself."""
    request: Request = Request()
    first_approval: ApproversOnly[Personal[SignOff | None]] = None
    """The first of the two approvals that an account needs which looks stolen."""
    first_approval_on: ApproversOnly[Facts | None] = None
    """What that first approval was made on."""
    call_codes: ApproversOnly[Personal[tuple[CallCode, ...]]] = ()
    """The last code of each approver for a telephone call, if such codes are asked for."""
    intended: ApproversOnly[Personal[IntendedApproval | None]] = None
    """An approval that is being checked; one at a time."""
    dropped: ApproversOnly[Personal[DroppedApproval | None]] = None
    """The intended approval before this one, if it was not taken."""
    held_up: Unseen[ApproversOnly[int]] = 0
    """How many approvals were not taken because new alarms had come."""
    alarms_keep_coming: ApproversOnly[bool] = False
    decision: Decision | None = None
    facts: ApproversOnly[tuple[Facts, ...]] = ()
    """Each set of facts that the approvers' card showed, the present one last."""
    lapsed: ApproversOnly[Personal[LapsedApproval | None]] = None
    """The approval before this one, if it was not carried out."""
    stopped: ApproversOnly[Personal[StoppedRelease | None]] = None
    unblock: UnblockProgress = UnblockProgress()
    list_reads: ListReads = ListReads()
    delivery: Delivery = Delivery()
    """Whether a delivered message has shown that mail flows again."""
    bouncing_at: datetime | None = None
    """When the person last said that mail still bounces."""
    ticket: Personal[str | None] = None
    """The number of the support request at Microsoft."""
    closed: SignOff | None = None
    unresolved: ApproversOnly[Unresolved | None] = None
    """Only in a status of `UNRESOLVED`. One stored in it long ago gets it with its next change."""
    containment: ApproversOnly[Personal[Containment | None]] = None
    limit_change: ApproversOnly[Personal[LimitChange | None]] = None
    """Other sending limits for the sender, from the request until they are reverted."""

    def __repr__(self) -> str:
        return loggable(self)

    @property
    def is_undecided(self) -> bool:
        """Whether an approver is still to decide."""
        return self.status in (Status.WAITING, Status.NEEDS_INFO)

    @property
    def entries(self) -> tuple[Restriction, ...]:
        """Every entry of the mailbox, the one that judges first."""
        return (self.restriction, *self.also_listed) if self.restriction else ()

    @property
    def since(self) -> datetime | None:
        """When the first entry began, as far as the list says."""
        return first_start(self._bounded)

    @property
    def begun_by(self) -> datetime | None:
        """By then every entry had begun, whichever of the list's dates is its start."""
        return all_begun_by(self._bounded)

    @property
    def entry(self) -> Restriction | None:
        """The entry that judges, with a start that is not earlier than the end of the episode before."""
        return next(iter(self._bounded), None)

    @property
    def _bounded(self) -> tuple[Restriction, ...]:
        return tuple(map(self.episode.bounds, self.entries))

    @property
    def mfa(self) -> MfaProof:
        """What approvers know of the second factors: the audit log may date what the directory's methods do not."""
        proof, since = self.proofs.mfa, self.since
        if proof.finding in WERE_THERE and any(since is None or at > since for at in self.episode.methods_added):
            return replace(proof, finding=MfaFinding.NEW)
        return proof

    @property
    def open_steps(self) -> tuple[SecuringStep, ...]:
        """The securing steps without an answer, or with one that the directory contradicts. A connector has none."""
        if self.sender.connector_id:
            return ()
        answered = {
            SecuringStep.PASSWORD: _is_answered(
                self.proofs.password.says, self.proofs.password.finding is PasswordFinding.CHANGED_BEFORE
            ),
            SecuringStep.MFA: _is_answered(self.proofs.mfa.says, self.proofs.mfa.finding is MfaFinding.NONE),
            SecuringStep.MAILING: self.proofs.mailing is not None,
        }
        return tuple(step for step, done in answered.items() if not done)

    @property
    def step(self) -> SecuringStep:
        """The first securing step that is open."""
        return next(iter(self.open_steps), SecuringStep.SEND)

    @cached_property
    def conditions(self) -> tuple[ApprovalCondition, ...]:
        """Why an approver must reach the person by another route before approving; empty if they need not."""
        denied = (ApprovalCondition.DENIED_EARLIER,) if self.episode.denials else ()
        if self.sender.connector_id:
            return (ApprovalCondition.CONNECTOR, *denied)
        looks = (ApprovalCondition.LOOKS_STOLEN,) if self.looks_stolen else ()
        alarms = (ApprovalCondition.ALARM,) if self.open_alarms else ()
        undated = (ApprovalCondition.MFA_UNDATED,) if self._is_mfa_undated else ()
        proofs = conditions_of_proofs(self.restriction, self.proofs.password, self.mfa)
        others = (*self._conditions_of_others(), *self._conditions_of_senders(), *self._conditions_of_evidence())
        return tuple(dict.fromkeys((*looks, *alarms, *denied, *proofs, *undated, *others)))

    @property
    def needs_word(self) -> tuple[ApprovalCondition, ...]:
        """The conditions that take word by another route. Evidence on its way takes none, nor does what it may clear up
        yet: it is waited for, and nothing is decided before."""
        waited_for = _WAITED_FOR if self.is_evidence_pending else frozenset()
        return tuple(one for one in self.conditions if one not in waited_for)

    @cached_property
    def alarms(self) -> tuple[Finding, ...]:
        """Every alarm of the episode, the present findings' included, and what was found again after the account was
        contained."""
        present = self.judgement.findings
        contained = self.containment if self._is_about_this_account else None
        again = found_again(contained, self.evidence, present) if contained else ()
        return with_alarms(self.episode.alarms, (*present, *again))

    @property
    def open_alarms(self) -> tuple[Finding, ...]:
        """The alarms that an approval has to answer for."""
        return replace(self.episode, alarms=self.alarms).open_alarms

    @property
    def _is_mfa_undated(self) -> bool:
        """Whether nothing says that the second factors are older than the restriction: most methods carry no date, and
        then it takes evidence that would show who else got in, and does not."""
        clean = self.evidence is not None and not self.alarms and are_clean(self.judgement.findings)
        return self.mfa.finding is MfaFinding.REGISTERED_UNDATED and not clean

    @property
    def looks_stolen(self) -> bool:
        """Whether the evidence looks like a stolen account."""
        return self.judgement.verdict is Verdict.STOLEN

    @property
    def is_contained(self) -> bool:
        """Whether responders have shut an intruder out of the mailbox's own account, as was read after their steps."""
        return self._is_about_this_account and not self.still_open

    @property
    def _is_about_this_account(self) -> bool:
        """Whether the containment is about the mailbox's own account."""
        if self.containment is None:
            return False
        whose = self.containment.account.person if self.containment.account else self.sender.person
        return whose == self.sender.account.person

    @property
    def _is_known_anew(self) -> bool:
        """Whether the proofs show something of the mailbox's own account that is newer than the last read of it after
        the steps. Of an owner for whom somebody else asks it has to be known that they do not."""
        after = self.containment.after if self.containment else None
        if after is None:
            return True
        if self.sender.account.person == self.sender.person:
            return is_newer(after, self.proofs.password, self.mfa)
        owners = (one for one in self.proofs.other_senders or () if one.holder.person == self.sender.account.person)
        return all(is_newer(after, one.password, one.mfa) or adds_a_kind(after, one.mfa) for one in owners)

    @property
    def still_open(self) -> tuple[OpenItem, ...]:
        """What stands in the way of calling the account contained; empty without a containment."""
        containment = self.containment
        if containment is None:
            return ()
        others = others_that_look_stolen(self.alarms) if self._is_about_this_account else ()
        mine = still_open(containment, self.evidence, self.known_before)
        return (*mine, *(OpenItem(kind=OpenKind.OTHER_ACCOUNT, key=name, names=(name,)) for name in others))

    @property
    def known_before(self) -> KnownBefore:
        """What is known of the account from before the steps."""
        mailbox = self.sender.mailbox
        return KnownBefore(
            methods=self.episode.baseline.methods,
            rules=self.containment.rules_known if self.containment else None,
            delegates=tuple(holder.person for holder in mailbox.holders) if mailbox else None,
        )

    @property
    def is_removal_open(self) -> bool:
        """Whether the case was stopped while a call of Remove was under way, and it is not known what came of it."""
        return self.stopped is not None and self.unblock.first_unclear_at is not None and self.unblock.done_at is None

    @property
    def needs_two(self) -> bool:
        """Whether one approver is not enough, whoever it is."""
        return self.looks_stolen and not (self.is_contained and not self._is_known_anew)

    def needs_another(self, than: PersonId) -> bool:
        """Whether this approver alone is not enough. Who denied may think again alone; who signed an alarm off, or
        contained, does not also let go what looks or looked stolen."""
        if self.needs_two or any(denial.by != than for denial in self.episode.denials):
            return True
        made_way = self.containment.made_by if self.containment else frozenset()
        return self.looks_stolen and than in (self.episode.made_way | self.episode.signers | made_way)

    def _conditions_of_others(self) -> tuple[ApprovalCondition, ...]:
        if self.sender.mailbox is None:
            return ()
        conditions = (
            ()
            if all_proven(self.sender.mailbox, self.sender.person, self.proofs.other_senders)
            else (ApprovalCondition.OTHERS_NOT_PROVEN,)
        )
        unsure = isinstance(self.sender.mailbox.right_of(self.sender.person), Unknown)
        return (*conditions, ApprovalCondition.RIGHT_NOT_CHECKED) if unsure else conditions

    def _conditions_of_senders(self) -> tuple[ApprovalCondition, ...]:
        """What the evidence could not find out of those who can send. What the organisation does not allow us to ask is
        named beside the evidence, and no condition."""
        senders = self.evidence.senders if self.evidence else None
        if isinstance(senders, Unknown):
            return (ApprovalCondition.SENDERS_NOT_CHECKED,) if senders.reason in PASSING else ()
        too_many = senders is not None and len(senders.other_senders(self.sender.account.person)) > HOLDERS_AT_MOST
        return (ApprovalCondition.TOO_MANY_SENDERS,) if too_many else ()

    def _conditions_of_evidence(self) -> tuple[ApprovalCondition, ...]:
        if self.is_evidence_pending:
            return (ApprovalCondition.EVIDENCE_PENDING,)
        return (ApprovalCondition.EVIDENCE_NOT_CHECKED,) if self.unread_sources else ()

    @property
    def unread_sources(self) -> frozenset[Gap]:
        """The sources of evidence that should have answered and did not; none while it may still come in time."""
        if self.is_evidence_wanted:
            return frozenset() if self.is_evidence_pending else frozenset({Gap.EVERYTHING})
        return gaps(self.evidence) if self.evidence else frozenset()

    @property
    def is_evidence_pending(self) -> bool:
        """Whether evidence was requested and may still come in time."""
        return self.is_evidence_wanted and not self.evidence_overdue

    @property
    def is_evidence_wanted(self) -> bool:
        """Whether evidence was requested and is not gathered yet, or lacks what only a request asks for."""
        wanted, report = self.evidence_wanted_at, self.evidence
        if wanted is None or report is None:
            return wanted is not None
        return report.gathered_at < wanted or (self.request.sent_at is not None and report.sent == NOT_ASKED)

    @cached_property
    def judgement(self) -> Judgement:
        """What the evidence gathered so far looks like."""
        looked_stolen = self.episode.looked_stolen
        earlier = () if looked_stolen else self.episode.alarms
        suspected = looked_stolen or self.containment is not None
        present = judge_answers(self.evidence, self.entry, self.proofs.mailing_answers, earlier, suspected=suspected)
        if looked_stolen and present.verdict is not Verdict.STOLEN:
            return replace(present, verdict=Verdict.STOLEN, reason=VerdictReason.LOOKED_STOLEN)
        return present


def _is_answered(says: Says, contradicted: bool) -> bool:
    return says is Says.CANNOT or (says is Says.DONE and not contradicted)
