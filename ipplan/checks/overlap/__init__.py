"""Rules on ranges that must not meet, and on those that may."""
