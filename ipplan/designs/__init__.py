"""What a design document says of a plan or an estate: rooms, decisions, relations."""
