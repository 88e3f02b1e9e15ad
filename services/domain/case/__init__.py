"""The case: what it is, what may happen to it, and what that leads to."""
