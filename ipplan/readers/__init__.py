"""Readers turn the files that people have into the nouns of ``inventory``."""
