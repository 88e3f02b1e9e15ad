"""What is missing, said in the log when it is met and not again until it was there in between."""

import logging

log = logging.getLogger("sendwell.missing")


class SaidOnce:
    """Each pair of a source and a reason is logged once, however many calls meet it."""

    def __init__(self) -> None:
        self._said: set[tuple[str, str]] = set()

    def missing(self, source: str, reason: str, text: str) -> None:
        if (source, reason) not in self._said:
            self._said.add((source, reason))
            log.warning("%s. Not checked until then; this is said once.", text)

    def there(self, source: str) -> None:
        """The source answered: should it be refused one day, that is news again."""
        self._said = {said for said in self._said if said[0] != source}
