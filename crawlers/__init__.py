"""Collects public words, by Scrapy from sources and by importers from files; hands them on, reads no meaning."""
