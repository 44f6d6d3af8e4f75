"""Rules on room: what subnets, pod CIDRs, pools and VNets hold."""
