"""What each command does to a case."""
