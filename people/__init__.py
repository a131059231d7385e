"""Colleagues, and what they know: accounts, profiles, languages, expertise, posts and offices."""
