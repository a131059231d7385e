"""Real servers for the tests, started by the project's own means: Elasticsearch and PostgreSQL, nothing pretended."""
