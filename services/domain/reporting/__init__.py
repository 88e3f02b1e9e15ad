"""What happened in a span of time, in figures."""
