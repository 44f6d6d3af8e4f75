"""Rules on who reaches API servers."""
