"""The pages that impose what the rows say."""

AKS = "https://learn.microsoft.com/azure/aks"
TEMPLATES = "https://learn.microsoft.com/azure/azure-resource-manager/templates"
PLANNING = f"{AKS}/concepts-network-ip-address-planning"
OVERLAY = f"{AKS}/concepts-network-azure-cni-overlay"
KUBENET = f"{AKS}/configure-kubenet"
DYNAMIC = f"{AKS}/configure-azure-cni-dynamic-ip-allocation"
STATIC_BLOCK = f"{AKS}/configure-azure-cni-static-block-allocation"
CNI_OVERVIEW = f"{AKS}/concepts-network-cni-overview"
LARGE = f"{AKS}/best-practices-performance-scale-large"
ROLLING = f"{AKS}/upgrade-aks-node-pools-rolling"
NETWORK_POLICY = f"{AKS}/use-network-policies"
IP_PLANNING = "https://learn.microsoft.com/azure/networking/design-guide/ip-planning"
VNET_FAQ = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"
PEERING_OVERVIEW = (
    "https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview"
)
NETWORKING = "https://learn.microsoft.com/azure"
GATEWAY = f"{NETWORKING}/vpn-gateway/vpn-gateway-about-vpn-gateway-settings"
FIREWALL = f"{NETWORKING}/firewall/firewall-faq"
BASTION = f"{NETWORKING}/bastion/configuration-settings"
ROUTE_SERVER = f"{NETWORKING}/route-server/quickstart-configure-route-server-portal"
APPLICATION_GATEWAY = f"{NETWORKING}/application-gateway/configuration-infrastructure"
APPLICATION_GATEWAY_OVERLAY_PAGE = (
    f"{NETWORKING}/application-gateway/ingress-controller-overview"
)
CONTAINERS_GATEWAY = (
    f"{NETWORKING}/application-gateway/for-containers/container-networking"
)
PRIVATE_LINK = f"{NETWORKING}/private-link"
INTERNAL_BALANCER = f"{AKS}/internal-lb"
MONITOR_LINK = f"{NETWORKING}/azure-monitor/logs/private-link-design"
NETAPP = f"{NETWORKING}/azure-netapp-files/azure-netapp-files-delegate-subnet"
APP_SERVICE = f"{NETWORKING}/app-service/environment/networking"
RESOLVER = f"{NETWORKING}/dns/dns-private-resolver-overview"
AZURE_LIMITS = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/"
    "azure-subscription-service-limits"
)
NAMES = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/"
    "resource-name-rules"
)
SECURITY_GROUPS = (
    "https://learn.microsoft.com/azure/templates/microsoft.network/"
    "networksecuritygroups"
)
AUTHORIZED = f"{AKS}/api-server-authorized-ip-ranges"
PRIVATE_CLUSTERS = f"{AKS}/private-clusters"
VNET_INTEGRATION = f"{AKS}/api-server-vnet-integration"
BALANCER = f"{AKS}/configure-load-balancer-standard"
BALANCER_OUTBOUND = f"{NETWORKING}/load-balancer/load-balancer-outbound-connections"
NAT_GATEWAY = f"{NETWORKING}/nat-gateway/nat-gateway-resource"
AKS_API = "https://learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update"
OUTBOUND = f"{AKS}/egress-outboundtype"
NETWORK_CONCEPTS = f"{AKS}/concepts-network"
CHANGELOG = "https://github.com/Azure/AKS/blob/master/CHANGELOG.md"
SYSTEM_POOLS = f"{AKS}/use-system-pools"
UPDATE_CNI = f"{AKS}/update-azure-cni"
OVERLAY_UPDATE = f"{AKS}/azure-cni-overlay"
NEW_POOLS = f"{AKS}/create-node-pools"
POOL_SUBNETS = f"{AKS}/node-pool-unique-subnet"
UPGRADE_OPTIONS = f"{AKS}/upgrade-options"
MANAGED_IDENTITY = f"{AKS}/use-managed-identity"
AUTO_PROVISIONING = f"{AKS}/use-node-auto-provisioning"
AVAILABILITY_SETS = f"{AKS}/availability-sets-on-aks"
DUAL_STACK_ISSUE = "https://github.com/Azure/AKS/issues/5120"
GATEWAY_ISSUE = "https://github.com/MicrosoftDocs/azure-aks-docs/issues/334"
INGRESS_ISSUE = (
    "https://github.com/Azure/application-gateway-kubernetes-ingress/issues/723"
)
PSRULE_DNS = "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.DNSPrefix"
RFC_1918 = "https://www.rfc-editor.org/rfc/rfc1918"
RFC_4193 = "https://www.rfc-editor.org/rfc/rfc4193"
RFC_6890 = "https://www.rfc-editor.org/rfc/rfc6890"
