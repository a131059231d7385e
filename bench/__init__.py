"""What `make bench` runs: a corpus that is always the same, and what is measured on it."""
