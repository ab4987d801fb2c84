"""Talks to the API server. Knows asyncio and HTTP; no Textual, no Azure."""
