"""Looking what is missing: reads alone, asked together, each under its own time limit."""
