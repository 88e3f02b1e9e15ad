"""Troubles that have nothing to do with the restricted list, and still need an admin."""
