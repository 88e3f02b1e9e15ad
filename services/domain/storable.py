"""JSON values that databases and UTF-8 accept."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """The value with NUL and single surrogates replaced in its texts, which databases and UTF-8 do not accept."""
    if isinstance(value, str):
        return _storable_text(value)
    if isinstance(value, dict):
        return {_storable_text(name): storable(part) for name, part in value.items()}
    return [storable(part) for part in value] if isinstance(value, list) else value


def _storable_text(text: str) -> str:
    # Neither can be printed; nearly all texts can, and asking them is cheaper than searching them.
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)
