"""What an operator reads on the machine itself: why a case waits, and the audit history. Reads the database only."""
