"""Sendwell beside its peers: who answers how much, how fast, for how much of a processor."""
