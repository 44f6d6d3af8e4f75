"""Layouts: from a short plan to ranges for every network, subnet and cluster.

1. A plan (``plans``) is what people ask for; ``twins`` doubles what stands twice.
2. ``demands``: each thing makes claims on subnets (``claims``), by the rows of services
   and endpoints; claims on one subnet add up to a want, with its prefix length.
3. ``placing``: networks, subnets, pod and service CIDRs get ranges (``spaces``,
   ``cluster_cidrs``): first what is fixed or exists, then the lock, then what is new.
4. ``belongings``: the nouns that are to be deployed follow: VNets, peerings, security
   groups, routes, NAT gateways, zones.
5. A ``Layout`` (``results``) holds it all, with what found no room; ``rules`` judges
   it, checks judge the nouns, and emitters write them down as code.
"""
