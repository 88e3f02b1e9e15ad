"""A mailbox that is not the asker's own: what it is, who asks for it, and who else can send from it."""

from adaptivecards.baseobject import BareObject

from cards.elements import line, run
from cards.proofs import mfa_sentence, password_sentence
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST, SecuredHolder, SharedMailbox
from services.domain.unknown import Unknown

_UNREAD_SHOWN = 4


def who_asked_lines(case: Case, view: View) -> list[BareObject]:
    """For the approver: who asks, and for whom."""
    words, lines = view.words, []
    if case.request.requested_by:
        mark = case.request.requested_by
        said = "asked.for_connector" if case.sender.connector_id else "asked.by_approver"
        who = words(
            said, name=user_text(mark.name, 80), person=user_text(case.sender.name, 80), when=view.brief(mark.at)
        )
        lines.append(line(run(f"🙋 {who} ", bold=True), user_text(mark.text), spacing="Small"))
    if case.sender.mailbox:
        named = user_text(case.sender.name, 80)
        asked = words(
            "asked.for_mailbox",
            name=named,
            upn=user_text(case.sender.upn, 120),
            right=_right(case, case.sender.mailbox, view),
        )
        lines.append(line(run(f"📮 {asked}"), spacing="Small"))
    for one in case.request.also_asked:
        also = words("asked.also", name=user_text(one.name, 80), when=view.brief(one.at))
        lines.append(line(run(f"🙋 {also}"), spacing="Small"))
    for one in case.request.withdrew:
        gone = words("asked.withdrew", name=user_text(one.name, 80), when=view.brief(one.at))
        lines.append(line(run(f"↩️ {gone}"), spacing="Small"))
    return lines


def _right(case: Case, mailbox: SharedMailbox, view: View) -> str:
    right = mailbox.right_of(case.sender.person)
    if right is None or isinstance(right, Unknown):
        return view.words("right.not_checked")
    said = view.words(f"right.{right.right.name.lower()}")
    return view.words("right.through", right=said, group=user_text(right.through, 80)) if right.through else said


def others_lines(case: Case, view: View) -> list[BareObject]:
    """Everybody else who can send from the mailbox, with what the directory says of their accounts."""
    if case.sender.mailbox is None:
        return []
    others, words = case.sender.mailbox.other_senders(case.sender.person), view.words
    looked_at = {other.holder.person: other for other in case.proofs.other_senders or ()}
    lines = [line(run(words.count("others.title", len(others)), bold=True), spacing="Medium")]
    lines += [_other(looked_at[holder.person], view) for holder in others if holder.person in looked_at]
    rest = [user_text(holder.name, 60) for holder in others if holder.person not in looked_at][:HOLDERS_AT_MOST]
    rest += [user_text(name, 60) for name in case.sender.mailbox.unread[:_UNREAD_SHOWN]]
    if rest:
        lines.append(line(run("? ", bold=True, color="Warning"), words("others.not_checked", names=", ".join(rest))))
    return lines


def _other(other: SecuredHolder, view: View) -> BareObject:
    icon, color = ("✔", "Good") if other.is_proven else ("?", "Warning")
    password, mfa = password_sentence(other.password, view), mfa_sentence(other.mfa, view)
    topics = view.words("topic.password"), view.words("topic.mfa")
    said = f"{topics[0]}: {password} {topics[1]}: {mfa}"
    return line(run(f"{icon} {user_text(other.holder.name, 60)}  ", bold=True, color=color), said, spacing="Small")


def about_mailbox_lines(case: Case, view: View) -> list[BareObject]:
    """For the person: which mailbox this is about, and who asked."""
    words, lines = view.words, []
    if case.sender.mailbox:
        name, address = user_text(case.sender.mailbox.name, 80), user_text(case.sender.mailbox.address, 120)
        lines.append(line(run(f"📮 {words('person.about_mailbox', name=name, address=address)}", bold=True)))
        if not case.status.is_ended and case.request.sent_at is None:
            steps = words.count("person.mailbox_steps", len(case.sender.mailbox.other_senders(case.sender.person)))
            lines.append(line(run(steps, subtle=True), spacing="Small"))
    if case.request.requested_by:
        lines.append(
            line(run(words("person.asked_for_you", name=user_text(case.request.requested_by.name, 80)), subtle=True))
        )
    return lines
