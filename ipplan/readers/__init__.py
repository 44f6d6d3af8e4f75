"""Readers turn the files that people have into the nouns of ``inventory``."""

from ipplan.readers.azure import read_clusters
from ipplan.readers.readings import Reading, Skipped

__all__ = ["Reading", "Skipped", "read_clusters"]
