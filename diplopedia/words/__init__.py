"""The words of the interface in each language: found in the code, kept as text in `locale`, compiled at a start."""
