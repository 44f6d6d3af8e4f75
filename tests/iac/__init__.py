"""What the tools of others say of emitted code; ``make check-iac`` runs it."""
