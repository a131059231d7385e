"""How good the search is: judged queries, what it answers them with, and figures that others compute alike."""
