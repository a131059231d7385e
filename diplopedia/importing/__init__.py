"""Reading other people's files into the wiki and the directory: JSON Lines in, articles and people out.

`runs.Run` is the way in; `manage.py import_content` and `manage.py load_demo` call it.
"""
