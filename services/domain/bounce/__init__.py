"""Reading bounces."""
