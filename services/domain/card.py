"""A finished card, as the code that stores or sends it sees it."""

from typing import Any, TypeAlias

Card: TypeAlias = dict[str, Any]
"""An Adaptive Card as JSON, ready to be sent. https://adaptivecards.io/explorer/"""
