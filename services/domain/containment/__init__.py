"""Putting an intruder out of an account."""
