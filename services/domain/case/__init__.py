"""The case: its values, its commands, and the transitions they make."""
