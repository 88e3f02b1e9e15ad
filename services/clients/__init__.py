"""The outside world, one file per vendor thing."""
