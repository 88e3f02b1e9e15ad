"""Announcements over HTTPS, signed as Standard Webhooks asks for it."""
