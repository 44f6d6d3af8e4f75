"""The language of ARM templates: expressions, their functions, and deployments.

Nothing here knows networks: :mod:`ipplan.readers.arm` picks them out of what a
template deploys.
"""
