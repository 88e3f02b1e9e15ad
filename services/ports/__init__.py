"""What the conversations and jobs need of the world, a file a neighbour."""
