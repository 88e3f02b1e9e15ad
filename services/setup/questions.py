"""What a plan asks of an administrator, and what is no answer to it: said at the question, before anything is made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}+(?<!-)")
_NOBODYS = (".example", ".example.com", ".example.net", ".example.org", ".invalid", ".local", ".localhost", ".test")
"""Names that lead nowhere. https://www.rfc-editor.org/rfc/rfc6761"""
_USER = re.compile(r"[^\s@,]++@[^\s@,]++")
_TWO = 2
_PATH = "/api/messages"

Answer = str | tuple[str, ...]
Fault = Callable[[str], str]
"""What an answer has to be instead; empty if it will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`more`: what “?” explains. `many`: several answers, with commas between. `only_after`: the question whose empty
    answer leaves nothing to ask here."""

    name: str
    asks: str
    more: str
    fault: Fault
    default: str = ""
    many: bool = False
    only_after: str = ""

    def read(self, answer: str) -> Answer:
        if not self.many:
            return answer
        return tuple(part.strip() for part in answer.split(",") if part.strip())


def id_fault(answer: str) -> str:
    return "" if _GUID.fullmatch(answer) else "a GUID, such as 11111111-2222-4333-8444-555555555555"


def address_fault(answer: str) -> str:
    """Of the address under which Teams reaches the bot: the Azure Bot and the Teams package refuse what this does."""
    try:
        parts = urlsplit(answer)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "an https:// address"
    if parts.scheme != "https" or not host:
        return "an https:// address"
    if not _is_known_to_the_internet(host):
        return "an https:// address with a host name of the internet: Teams comes from there"
    if port not in (None, 443):
        return "an https:// address without a port: your front takes 443, and hands on to the bot's own port"
    if _PATH in parts.path or parts.query or parts.fragment:
        return f"an https:// address without {_PATH}, which setup adds itself"
    return ""


def _is_known_to_the_internet(host: str) -> bool:
    """By its form: a name with a domain, no number, and none of those that are nobody's."""
    labels = host.casefold().split(".")
    is_name = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and labels[-1][0].isalpha()
    return is_name and not f".{host.casefold()}".endswith(_NOBODYS)


def _page_fault(answer: str) -> str:
    return (
        ""
        if answer.startswith("https://") and urlsplit(answer).hostname
        else "an https:// address that people can open"
    )


def _credential_fault(answer: str) -> str:
    return "" if answer in ("certificate", "secret") else "certificate or secret"


def _users_fault(answer: str) -> str:
    users = [part.strip() for part in answer.split(",") if part.strip()]
    well = users and all(_USER.fullmatch(one) for one in users)
    return "" if well else "user names such as bo@contoso.com, with commas between"


def _two_fault(answer: str) -> str:
    if fault := _users_fault(answer):
        return fault
    several = len({part.strip().casefold() for part in answer.split(",")} - {""}) >= _TWO
    return "" if several else "two user names at least: nobody decides their own case"


def _or_none(fault: Fault) -> Fault:
    return lambda answer: fault(answer) if answer else ""


def _text_fault(answer: str) -> str:
    return "" if answer else "a text, not nothing"


QUESTIONS: tuple[Question, ...] = (
    Question(
        name="tenant",
        asks="The directory (tenant) id",
        more="Entra admin center, Overview: “Tenant ID”.",
        fault=id_fault,
    ),
    Question(
        name="public_url",
        asks="The https address at which Teams will reach the bot",
        more="Microsoft's cloud sends each message to https://HOST/api/messages. So HOST is a name that the internet"
        " knows, and at its port 443 a front (Caddy, nginx, a load balancer) with a trusted certificate hands on to the"
        " bot. It need not answer yet. Write it without /api/messages: https://sendwell.contoso.com",
        fault=address_fault,
    ),
    Question(
        name="credential",
        asks="How the app proves itself: certificate or secret",
        more="A certificate is made on this machine, and its key never leaves it. The doctor says when it ends.",
        fault=_credential_fault,
        default="certificate",
    ),
    Question(
        name="approvers",
        asks="Who may decide: two user names at least, with commas",
        more="They go into a group that is made, “Sendwell approvers”. Nobody decides their own case, hence two.",
        fault=_two_fault,
        many=True,
    ),
    Question(
        name="responders",
        asks="Who may contain a stolen account: user names, with commas (empty: nobody, and no second app)",
        more="They go into a group that is made, “Sendwell responders”; the same people as above will do."
        " Two are better: an admin's account takes two.",
        fault=_or_none(_users_fault),
        many=True,
    ),
    Question(
        name="subscription",
        asks="The id of the Azure subscription for the Azure Bot (empty: you make the bot by hand)",
        more="Azure portal, Subscriptions. The Azure Bot is how Teams knows the bot; it runs nothing.",
        fault=_or_none(id_fault),
    ),
    Question(
        name="resource_group",
        asks="Its resource group",
        more="It is made if it is not there.",
        fault=_text_fault,
        default="sendwell",
        only_after="subscription",
    ),
    Question(
        name="region",
        asks="The region, if the resource group has to be made",
        more="As Azure writes it, such as westeurope.",
        fault=_text_fault,
        default="westeurope",
        only_after="subscription",
    ),
    Question(
        name="developer",
        asks="Your organisation's name, as people see it at the app",
        more="Teams shows it below the app's name.",
        fault=_text_fault,
    ),
    Question(
        name="website",
        asks="Its web address",
        more="Teams takes no app without it: https://www.contoso.com",
        fault=_page_fault,
    ),
    Question(
        name="privacy",
        asks="The address of its privacy statement",
        more="Teams takes no app without it. A page of your intranet will do.",
        fault=_page_fault,
    ),
    Question(
        name="terms",
        asks="The address of its terms of use",
        more="Teams takes no app without it. A page of your intranet will do.",
        fault=_page_fault,
    ),
)
"""What cannot be guessed, in the order it is asked."""


def asked(answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """What is still to be asked after these answers, in order."""
    return tuple(
        one
        for one in QUESTIONS
        if one.name not in answers and (not one.only_after or answers.get(one.only_after, "") != "")
    )
