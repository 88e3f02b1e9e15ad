"""Whether mail flows again, and which messages came back meanwhile: both from message trace."""
