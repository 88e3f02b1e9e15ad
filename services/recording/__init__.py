"""Recording what one tenant's Microsoft 365 answers: read-only, and with nothing of the tenant's own left in it."""
