"""The JSON API and the server-rendered pages: requests come in, answers in the reader's scope go out.

Builds an ASGI application from parts handed to it. Never writes SQL or an engine's query language, never decides
what a post means, never shows personal data, an author or a contact.
"""
