"""Rules on how clusters are set: features, retirements, identities, ways out."""
