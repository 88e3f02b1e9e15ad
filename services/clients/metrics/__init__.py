"""What Sendwell counts and measures of itself, for Prometheus. No label holds anything of a person."""
