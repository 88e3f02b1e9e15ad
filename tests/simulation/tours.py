"""Three calm weeks in which every button is pressed once at least: what the drawn weeks press depends on their seed."""

from tests.simulation.days import HOUR, MINUTE, Event

_STOLEN = """
thief forwards | restricted ana spam 0 | asks ana ana | presses ana tell
presses ana password_cannot | presses ana mfa_cannot | presses ana mailing_unsure
secures ana | presses ana password_done | presses ana mfa_done
presses bo looking | presses bo gather | presses cleo ask | presses ana reply
presses bo contain all | presses cleo contain_cancel | privileged | presses bo contain all
presses cleo contain_confirm | wait 1 | thief rule | presses cleo gather | wait 1
presses cleo contain_again | presses bo contain_confirm | wait 1 | weather evidence down 600
presses bo gather | presses bo contain_sign | wait 1
presses bo approve | presses bo approve | presses cleo approve | presses cleo approve | wait 2
presses bo put_back_forwarding | presses cleo put_back_forwarding
presses bo put_back_disable | presses cleo put_back_disable
presses bo put_back_rules | presses cleo put_back_rules | presses ana bouncing | presses bo stop
"""

_HONEST = """
restricted ana limit 0 | asks ana ana | secures ana | presses ana password_done | presses ana mfa_done
presses ana mailing_yes | presses ana send | wait 1
presses bo limits | presses cleo limits_dismiss | presses bo limits | presses cleo limits_apply | wait 1
presses cleo limits_back | weather list hanging 600 | presses bo approve | presses bo take_back | wait 1
next removal refused | presses bo approve | presses bo approve | wait 1 | presses bo retry | wait 3
presses ana works | wait 30
restricted ana rate 0 | asks ana ana | secures ana | presses ana password_done | presses ana mfa_done
presses ana mailing_no | presses ana send | presses cleo deny | wait 2 | presses ana again | presses ana tell
presses ana withdraw
"""

_OTHER = """
says ana status | says eve 550 5.7.705 Access denied, tenant has exceeded threshold | presses eve report
presses bo looking | presses bo ask | presses eve reply | presses bo ticket | presses cleo done
presses eve bouncing | presses cleo done | presses eve works | wait 7
restricted ana spam 0 | wait 7 | presses bo ask_for | presses ana steps | presses ana password_done
next removal refused | presses bo approve | presses cleo approve | presses bo approve | wait 1 | presses cleo close
"""


def _tour(text: str) -> list[Event]:
    events, at = list[Event](), HOUR
    for step in text.replace("\n", "|").split("|"):
        words = step.split()
        if not words:
            continue
        if words[0] == "wait":
            at += HOUR * int(words[1])
            continue
        at += 20.0 if words[-1] == "take_back" else 7 * MINUTE
        events.append(_event(at, words))
    return events


def _event(at: float, words: list[str]) -> Event:
    if words[0] == "next":
        return Event(at=at, verb="next removal", given=tuple(words[2:]))
    given = (words[1], " ".join(words[2:])) if words[0] == "says" else tuple(words[1:])
    return Event(at=at, verb=words[0], given=given)


TOURS = tuple(map(_tour, (_STOLEN, _HONEST, _OTHER)))
