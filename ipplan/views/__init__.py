"""Documents as reports: which columns and sentences a person reads, in which order."""
