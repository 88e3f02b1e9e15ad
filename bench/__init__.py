"""Figures: what is too long, or too much a matter of the machine, for every test run."""
