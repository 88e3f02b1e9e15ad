"""What a read of message trace says of mail after the unblock, as an event of a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.domain.case.workflow import Actor, Verb
from services.domain.unknown import UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTraced:
    """The trace was read. `proven_at`: when the first message was sent that proves that mail flows, `None` while none
    is seen. `unread`: why it could not be read."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.PROVE
    proven_at: datetime | None = None
    unread: UnknownReason | None = None
