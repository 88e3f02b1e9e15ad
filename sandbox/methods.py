"""Sign-in methods, as Graph shows them."""

from datetime import datetime

from sandbox.traces import stamp

# https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod
PHONES = {
    "mobile": "3179e48a-750b-4051-897c-87b9720928f7",
    "alternateMobile": "b6332ec1-7057-4abe-9331-3d72feddfe41",
    "office": "e37fc753-ff3b-4958-9484-eaa9425c82bc",
}
"""A telephone has one of three places, and each place has the same id in every account, whatever the number."""


def method(kind: str, identity: str, created: datetime | None) -> dict[str, object]:
    """A method of another kind than telephone. Most kinds carry no date."""
    return {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethod",
        "id": identity,
        "createdDateTime": stamp(created) if created else None,
    }


def phone(number: str, place: str = "mobile") -> dict[str, object]:
    """A telephone number; `place` is one of `PHONES`."""
    return {
        "@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
        "id": PHONES[place],
        "phoneNumber": number,
        "phoneType": place,
        "smsSignInState": "notAllowedByPolicy",
    }
