"""Containing an account: shutting an intruder out of it."""
