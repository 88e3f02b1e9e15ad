"""Securing the account, and judging its proofs."""
