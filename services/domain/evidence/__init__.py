"""What an investigation finds, and what it looks like."""
