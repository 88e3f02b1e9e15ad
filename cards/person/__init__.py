"""The person's card."""
