"""Benchmarks: ipplan beside what a user would pick instead, both sides in one run."""
