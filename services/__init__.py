"""The floors beneath the conversations: the domain, the ports and the clients behind them."""
