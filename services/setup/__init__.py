"""`python app.py setup`: makes in a tenant what Sendwell needs, and `python app.py remove` takes it back."""
