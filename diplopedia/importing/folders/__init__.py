"""Folders of Markdown files as lines to import: `pages.read` walks, reads and translates them."""
