"""A small Microsoft 365 and Teams on loopback, for trying and for testing. It knows nothing of the bot it serves."""

from sandbox.box import Sandbox
from sandbox.chats import Message
from sandbox.people import PEOPLE
from sandbox.teams import Answer, texts

__all__ = ["PEOPLE", "Answer", "Message", "Sandbox", "texts"]
