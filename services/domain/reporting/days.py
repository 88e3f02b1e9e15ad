"""How far back a report goes."""

DAYS = 90
"""If nobody says more."""
DAYS_AT_MOST = 366
