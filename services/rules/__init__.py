"""The file of an organisation's rules: read at the start, and said back in sentences."""
