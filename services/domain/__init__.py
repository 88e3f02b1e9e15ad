"""The ground floor: what a case is and how it moves. Standard library only; no clock, no I/O, no async."""
