"""The engine on an Elasticsearch server, 8.19 or newer. The only place that knows Elasticsearch."""

from search.engines.elasticsearch.engine import ElasticsearchEngine, connect

__all__ = ["ElasticsearchEngine", "connect"]
