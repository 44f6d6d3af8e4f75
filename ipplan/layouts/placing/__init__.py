"""Where everything of a plan stands: address space, subnets, pod and service CIDRs."""
