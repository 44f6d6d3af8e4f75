"""What az prints of every cluster, the same of each: its nulls above all."""

from __future__ import annotations

from typing import Any

GUID = "00000000-0000-0000-0000-000000000000"

_POOL_NULLS = (
    "artifactStreamingProfile availabilityZones capacityReservationGroupId tags "
    "creationData eTag gatewayProfile gpuInstanceProfile gpuProfile hostGroupId "
    "kubeletConfig linuxOsConfig localDnsProfile messageOfTheDay networkProfile "
    "nodeLabels nodePublicIpPrefixId nodeTaints proximityPlacementGroupId status "
    "scaleDownMode scaleSetEvictionPolicy scaleSetPriority securityProfile "
    "spotMaxPrice virtualMachineNodesStatus virtualMachinesProfile windowsProfile "
    "workloadRuntime"
)
_CLUSTER_NULLS = (
    "aadProfile addonProfiles aiToolchainOperatorProfile autoScalerProfile "
    "azureMonitorProfile bootstrapProfile diskEncryptionSetId eTag extendedLocation "
    "fqdnSubdomain hostedSystemProfile httpProxyConfig ingressProfile kind "
    "metricsProfile nodeProvisioningProfile nodeResourceGroupProfile privateFqdn "
    "podIdentityProfile privateLinkResources publicNetworkAccess resourceUid "
    "schedulerProfile serviceMeshProfile status systemData tags upgradeSettings "
    "windowsProfile"
)

POOL: dict[str, Any] = {
    **dict.fromkeys(_POOL_NULLS.split()),
    "currentOrchestratorVersion": "1.31.2",
    "enableEncryptionAtHost": False,
    "enableFips": False,
    "enableNodePublicIp": False,
    "enableUltraSsd": False,
    "kubeletDiskType": "OS",
    "nodeImageVersion": "AKSUbuntu-2204gen2containerd-202507.02.0",
    "orchestratorVersion": "1.31",
    "osDiskSizeGb": 128,
    "osDiskType": "Managed",
    "osSku": "Ubuntu",
    "osType": "Linux",
    "powerState": {"code": "Running"},
    "provisioningState": "Succeeded",
    "type": "VirtualMachineScaleSets",
    "vmSize": "Standard_D4s_v5",
}
"""What az prints of every pool, the same of each."""

UPGRADE: dict[str, Any] = {
    "drainTimeoutInMinutes": None,
    "maxUnavailable": "0",
    "nodeSoakDurationInMinutes": None,
    "undrainableNodeBehavior": None,
}

CLUSTER: dict[str, Any] = {
    **dict.fromkeys(_CLUSTER_NULLS.split()),
    "autoUpgradeProfile": {"nodeOsUpgradeChannel": "NodeImage", "upgradeChannel": None},
    "currentKubernetesVersion": "1.31.2",
    "disableLocalAccounts": False,
    "enableRbac": True,
    "identity": {
        "delegatedResources": None,
        "principalId": GUID,
        "tenantId": GUID,
        "type": "SystemAssigned",
        "userAssignedIdentities": None,
    },
    "kubernetesVersion": "1.31",
    "linuxProfile": {
        "adminUsername": "azureuser",
        "ssh": {"publicKeys": [{"keyData": "ssh-rsa REDACTED\n"}]},
    },
    "maxAgentPools": 100,
    "oidcIssuerProfile": {"enabled": False, "issuerUrl": None},
    "powerState": {"code": "Running"},
    "provisioningState": "Succeeded",
    "securityProfile": {
        "azureKeyVaultKms": None,
        "customCaTrustCertificates": None,
        "defender": None,
        "imageCleaner": None,
        "workloadIdentity": None,
    },
    "servicePrincipalProfile": {"clientId": "msi", "secret": None},
    "sku": {"name": "Base", "tier": "Standard"},
    "storageProfile": {
        "blobCsiDriver": None,
        "diskCsiDriver": {"enabled": True},
        "fileCsiDriver": {"enabled": True},
        "snapshotController": {"enabled": True},
    },
    "supportPlan": "KubernetesOfficial",
    "type": "Microsoft.ContainerService/ManagedClusters",
    "workloadAutoScalerProfile": {"keda": None, "verticalPodAutoscaler": None},
}
"""What az prints of every cluster, the same of each."""

NETWORK: dict[str, Any] = {
    "advancedNetworking": None,
    "ipFamilies": ["IPv4"],
    "loadBalancerProfile": {
        "allocatedOutboundPorts": None,
        "backendPoolType": "nodeIPConfiguration",
        "effectiveOutboundIPs": [],
        "enableMultipleStandardLoadBalancers": None,
        "idleTimeoutInMinutes": None,
        "managedOutboundIPs": {"count": 1, "countIpv6": None},
        "outboundIPs": None,
        "outboundIpPrefixes": None,
    },
    "loadBalancerSku": "standard",
    "natGatewayProfile": None,
    "networkDataplane": "azure",
    "networkMode": None,
    "networkPolicy": "none",
    "outboundType": "loadBalancer",
    "staticEgressGatewayProfile": None,
}
"""What az prints of every cluster's network, the same of each."""

PRIVATE: dict[str, Any] = {
    "authorizedIpRanges": None,
    "disableRunCommand": None,
    "enablePrivateCluster": True,
    "enablePrivateClusterPublicFqdn": False,
    "enableVnetIntegration": None,
    "privateDnsZone": "system",
    "subnetId": None,
}
"""What az prints of a private cluster's API server."""
