"""What a set-up makes in a tenant, and what it leaves alone."""
