"""Finding things: one neutral entry per thing, one query, one list of results, engines behind a few verbs.

Knows no other app of ours. Sources describe themselves with `search.sources.register`.
"""
