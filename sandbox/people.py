"""The sample personas of the sandbox, and its fixed identities. None of them exists."""

from dataclasses import dataclass

TENANT = "5a4d8f2e-0000-4000-8000-00000000c0de"
DOMAIN = "contoso.example"
APP_ID = "5a4d8f2e-0000-4000-8000-0000000000b0"
APP_SECRET = "sandbox-secret-not-a-real-one"
RESPONDER_APP_ID = "5a4d8f2e-0000-4000-8000-0000000000b1"
RESPONDER_APP_SECRET = "sandbox-secret-of-the-second-app"
APP_OBJECT = "5a4d8f2e-0000-4000-8000-0000000001b0"
RESPONDER_APP_OBJECT = "5a4d8f2e-0000-4000-8000-0000000001b1"
"""Object ids of the two apps' service principals."""
RESPONDERS_GROUP = "5a4d8f2e-0000-4000-8000-0000000000aa"
APPROVERS_GROUP = "5a4d8f2e-0000-4000-8000-0000000000a9"
TEAMS_APP = "5a4d8f2e-0000-4000-8000-0000000000af"
TEAM_ID = "19:sandboxteam@thread.tacv2"
CHANNEL_ID = "19:mailapprovals@thread.tacv2"
TAG_ID = "c2FuZGJveC10ZWFtIyNtYWlsLWFkbWlucw=="
"""A tag of the approvers' team."""
GROUP_ID = "19:sandboxgroup@unq.gbl.spaces"
CHANNEL_NAME = "Mail approvals"
BOT_NAME = "Sendwell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody of the sample tenant."""

    key: str
    name: str
    role: str
    number: int
    aliases: tuple[str, ...] = ()
    phone: str | None = None
    business_phone: str | None = None
    manager: str | None = None
    guest: bool = False

    @property
    def id(self) -> str:
        """The Entra object id."""
        return f"5a4d8f2e-0000-4000-8000-{self.number:012d}"

    @property
    def teams_id(self) -> str:
        return f"29:sandbox-{self.key}"

    @property
    def chat_id(self) -> str:
        return f"a:sandbox-chat-{self.key}"

    @property
    def upn(self) -> str:
        local = self.name.casefold().replace(" ", ".")
        return f"{local}#EXT#@{DOMAIN}" if self.guest else f"{local}@{DOMAIN}"

    @property
    def address(self) -> str:
        """The primary SMTP address, which mail carries; it may differ from the name for signing in."""
        return (*self.aliases, self.upn)[0]


PEOPLE = {
    persona.key: persona
    for persona in (
        Persona(
            key="ana",
            name="Ana Soto",
            role="person",
            number=1,
            aliases=(f"a.soto@{DOMAIN}", f"hello@{DOMAIN}"),
            phone="+34 600 000 001",
            business_phone="+34 910 000 001",
            manager="dan",
        ),
        Persona(key="bo", name="Bo Larsen", role="approver", number=2),
        Persona(key="cleo", name="Cleo Marsh", role="approver", number=3),
        Persona(key="dan", name="Dan Reyes", role="employee", number=4, phone="+34 600 000 004"),
        Persona(key="kim", name="Kim Abara", role="employee", number=5),
        Persona(key="gil", name="Gil Nowak", role="guest", number=6, guest=True),
        Persona(key="fay", name="Fay Osei", role="disabled approver", number=7),
        Persona(key="eli", name="Eli Brandt", role="eligible approver", number=8),
    )
}
