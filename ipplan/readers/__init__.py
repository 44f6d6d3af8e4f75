"""Readers turn the files that people have into the nouns of ``inventory``."""

from ipplan.readers.azure import Reading, Skipped, read_clusters

__all__ = ["Reading", "Skipped", "read_clusters"]
