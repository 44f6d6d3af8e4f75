"""What belongs to a network that is laid out: groups, routes, gateways and zones."""
