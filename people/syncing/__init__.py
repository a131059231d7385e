"""People from a CSV file of the ministry's directory: read, planned, done. A dry run is the plan without the deed.

rows     what the file says, row by row, with what is wrong said so that it can be mended
planning what would change, from the file and what is here; nothing is written
doing    the changes, some people at a time
"""
