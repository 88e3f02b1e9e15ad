"""What each command and event does to a case."""
