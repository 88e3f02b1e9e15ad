"""A stolen account from the plan of a containment to its end."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.containment.after_steps import AccountRead, AfterSteps, Delegate
from services.domain.containment.containment import (
    Containment,
    ContainmentStep,
    NamedRule,
    StepOutcome,
    StepResult,
    WantedBack,
)
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule, RuleDeed, SignIn
from services.domain.people import AuthenticationMethod, MethodKind, PersonId, SignOff
from services.domain.proofs.securing import PasswordFinding, PasswordProof, Says
from tests.cards.sample_cases import WAITING
from tests.cards.sample_evidence import STOLEN, UNREAD
from tests.cards.sample_view import HOSTILE
from tests.cases import BO, HOUR, MINUTE, NOW, after_steps


def contained_cases() -> dict[str, Case]:
    stolen = replace(WAITING, evidence=STOLEN)
    wanted = SignOff(by=BO.id, name=BO.name, at=NOW - 5 * MINUTE)
    every = Containment(
        requested=wanted,
        steps=tuple(ContainmentStep),
        rules=(NamedRule(id="1", name="."), NamedRule(id="2", name="tidy")),
        forwards_to="collector@mail.example",
    )
    outcomes = (StepOutcome.DONE, StepOutcome.ON_PREMISES, StepOutcome.FAILED, StepOutcome.ALREADY_SO, StepOutcome.DONE)
    results = tuple(
        StepResult(
            step=step,
            outcome=outcome,
            error="Insufficient privileges" if outcome is StepOutcome.FAILED else "",
            was=("x",) if step in (ContainmentStep.RULES_OFF, ContainmentStep.DISABLE) else (),
        )
        for step, outcome in zip(ContainmentStep, outcomes, strict=True)
    )
    done = replace(every, confirmed=wanted, results=results)
    held = tuple(StepResult(step=step, outcome=StepOutcome.DONE) for step in list(ContainmentStep)[:4])
    unread = replace(every, steps=every.steps[:4], confirmed=wanted, results=held)
    contained = replace(
        unread,
        results=tuple(replace(result, at=NOW) for result in held),
        after=after_steps(),
        rules_known=("1", "2"),
    )
    by_two = WantedBack(step=ContainmentStep.DISABLE, wanted=wanted)
    unclear = replace(done, results=(*results[:1], replace(results[1], outcome=StepOutcome.UNCLEAR), *results[2:]))
    off = StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE, at=NOW)
    backs = (
        StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE),
        StepResult(step=ContainmentStep.RULES_OFF, outcome=StepOutcome.FAILED, error="mailbox busy"),
    )
    return {
        "contain-to-confirm": replace(stolen, containment=every),
        "contain-needs-two": replace(stolen, containment=replace(every, privileged=True)),
        "contain-unsure": replace(stolen, containment=replace(every, privileged=True, unsure=True, forwards_to="")),
        "contain-running": replace(stolen, containment=replace(done, results=results[:2])),
        "contain-done": replace(stolen, containment=done, sender=replace(stolen.sender, phone=None)),
        "contain-put-back": replace(stolen, containment=replace(done, put_back=backs)),
        "contain-two-back": replace(stolen, containment=replace(done, wanted_back=(by_two,))),
        "contain-unclear": replace(stolen, containment=unclear),
        "contained": replace(stolen, containment=unread),
        "contained-read": replace(stolen, evidence=replace(STOLEN, changes=()), containment=contained),
        "contained-no-more": _no_more(replace(stolen, containment=contained)),
        "contained-not-read": replace(
            stolen,
            evidence=replace(STOLEN, changes=UNREAD),
            containment=replace(
                contained,
                after=AfterSteps(
                    read_at=NOW, account=UNREAD, methods=UNREAD, forwarding=UNREAD, rules=UNREAD, delegates=UNREAD
                ),
            ),
        ),
        "contained-not-seen": replace(
            stolen, containment=replace(contained, after=after_steps(account=AccountRead(enabled=True)))
        ),
        "contained-enabled-again": replace(
            stolen, containment=replace(contained, steps=(ContainmentStep.DISABLE,), results=(off,))
        ),
        "contained-on-premises": replace(
            stolen,
            containment=replace(contained, after=after_steps(account=AccountRead(enabled=True, synchronised=True))),
        ),
        "contain-cancelled": replace(stolen, containment=replace(every, steps=(), rules=())),
        "contain-on-premises": replace(
            stolen,
            proofs=replace(stolen.proofs, password=PasswordProof(says=Says.DONE, finding=PasswordFinding.ON_PREMISES)),
        ),
    }


def _no_more(case: Case) -> Case:
    """Everything that may open it again, as an hour later shows it."""
    later, end = NOW + HOUR, replace(STOLEN, changes=())
    got_in = SignIn(at=NOW + 30 * MINUTE, succeeded=True, place="NG", address="198.51.100.23")
    hidden = InboxRule(id="9", name=HOSTILE, enabled=True, hidden=True, deeds=(RuleDeed.DELETES,), external=False)
    second = Forwarding(to="second@mail.example", keeps_copy=True, external=None)
    consent = AccountChange(at=NOW, what=Change.APP_CONSENTED, detail="Mail Sync Pro")
    found = replace(end, gathered_at=later, forwarding=second, rules=(hidden,), sign_ins=(got_in,), changes=(consent,))
    account = AccountRead(enabled=True, sessions_valid_from=NOW, password_changed_at=later)
    method = AuthenticationMethod(id="new", kind=MethodKind.PHONE, added_at=NOW - HOUR)
    kim = Delegate(person=PersonId("kim"), name="Kim Abara")
    after = after_steps(read_at=NOW + MINUTE, account=account, methods=(method,), delegates=(kim,))
    return replace(
        case,
        evidence=found,
        episode=replace(case.episode, baseline=replace(case.episode.baseline, methods=("first",))),
        containment=replace(case.containment, after=after) if case.containment else None,
    )
