"""Exchange Online."""
