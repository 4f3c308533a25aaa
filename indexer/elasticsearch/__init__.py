"""The grown-up engine: an Elasticsearch cluster, one index per month, behind the same port as the embedded one."""

from indexer.elasticsearch.engine import ElasticIndex, open_index

__all__ = ["ElasticIndex", "open_index"]
