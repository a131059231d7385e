"""The embedded engine: nothing to install, one folder on disk. The only place that knows tantivy."""

from search.engines.tantivy.engine import TantivyEngine, connect

__all__ = ["TantivyEngine", "connect"]
