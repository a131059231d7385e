"""What the search survives: faults between us and a real Elasticsearch, during edits, searches and rebuilds."""
