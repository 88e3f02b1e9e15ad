"""The Teams edge: the only place that knows the Bot Framework."""
