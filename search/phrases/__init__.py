"""How questions are asked in other languages than English: one file a language, see docs/translating.md."""
