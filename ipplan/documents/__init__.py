"""Results as plain documents: what is printed as JSON, and what views start from."""
