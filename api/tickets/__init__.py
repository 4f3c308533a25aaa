"""Tickets as pages and API tell them: from an address and a scope to lists, one ticket, its forms and deeds."""
