"""What conversations and jobs both need."""
