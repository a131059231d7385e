"""Everything that people wrote, in open formats: `everything.export` writes it, docs/exporting.md describes it."""
