"""What the world outside is told of cases: milestones, one after the other."""
