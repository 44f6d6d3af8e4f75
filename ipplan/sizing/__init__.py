"""What a demand takes under each network model, and what given ranges hold."""
