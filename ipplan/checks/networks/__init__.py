"""Rules on VNets, peerings and subnets."""
