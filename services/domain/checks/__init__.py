"""What is looked up for somebody who is not restricted, and has no bounce at hand."""
