"""Whoever speaks to us."""
