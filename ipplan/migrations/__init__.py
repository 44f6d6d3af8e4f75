"""The way of a cluster from one network model to another, and what bars it."""
