"""Clients for Microsoft Graph, Exchange Online and the database. They implement the ports."""
