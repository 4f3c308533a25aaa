"""The vocabulary every room shares: frozen types, ports, errors, text rules. Pure: reads only its own package data."""
