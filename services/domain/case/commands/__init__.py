"""Commands of people and events of the clock, as values."""
