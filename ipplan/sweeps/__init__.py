"""What if: every combination of named axes, in chunks, as columns and as a summary."""
