"""Whoever is measured: each a program that listens at PORT and answers what is written to it with one message."""
