"""What is owed, worked off."""
