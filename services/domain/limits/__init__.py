"""Other sending limits for a sender."""
