"""The rules: what a case is and how it changes. Standard library only; no clock, no I/O, no async."""
