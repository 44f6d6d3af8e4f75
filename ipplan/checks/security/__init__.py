"""Rules on network security groups."""
