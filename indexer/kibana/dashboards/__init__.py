"""The four dashboards, one module each."""

from indexer.kibana.dashboards.offices import OFFICES
from indexer.kibana.dashboards.sentiment import SENTIMENT
from indexer.kibana.dashboards.sources import SOURCES
from indexer.kibana.dashboards.topics import TOPICS

DASHBOARDS = (SENTIMENT, TOPICS, OFFICES, SOURCES)

__all__ = ["DASHBOARDS"]
