"""Looking what the organisation and the settings lack."""

from collections.abc import Sequence
from typing import Protocol

from services.domain.doctor.findings import Finding


class Doctor(Protocol):
    """Looks, and changes nothing."""

    async def look(self) -> Sequence[Finding]:
        """A finding for each thing, within a quarter of a minute. It never raises for a source that fails."""
        ...
