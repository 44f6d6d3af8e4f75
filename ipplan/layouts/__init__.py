"""Layouts: from a short plan to ranges for every network, subnet and cluster."""
