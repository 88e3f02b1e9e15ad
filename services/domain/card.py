"""What a finished card is to everybody but the code that draws it."""

from typing import Any, TypeAlias

Card: TypeAlias = dict[str, Any]
"""An Adaptive Card as JSON, ready for the wire."""
