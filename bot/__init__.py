"""The Teams edge: with `app.py` the only place that knows the Bot Framework."""
