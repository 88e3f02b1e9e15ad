"""The tasks of the outbox, and the monitor of the restricted list."""
