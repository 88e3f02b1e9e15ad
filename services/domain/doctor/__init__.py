"""What the organisation and the settings lack for Sendwell to work: findings from facts."""
