"""Securing the account, and what its proofs are worth."""
