"""Conversations: they decide the order of things, nothing else."""
