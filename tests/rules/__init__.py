"""The file of an organisation's rules."""
