"""Lives of private endpoints, zones and links as plain requests, for the check against the OpenAPI documents. Each is a function of
a client, an api-version and the IDs of what was planted."""

from client import SUBSCRIPTION

NETWORK = "providers/Microsoft.Network"
EVERYWHERE = f"/subscriptions/{SUBSCRIPTION}/{NETWORK}"


def endpoint(client, version, seeded):
    """An endpoint with all that it can have, its zone group, and its end."""
    group = seeded["resource_group"]
    pe = f"{group}/{NETWORK}/privateEndpoints/pe-1"
    connection = {
        "name": "to-storage",
        "properties": {"privateLinkServiceId": seeded["storage_account"], "groupIds": ["blob"], "requestMessage": "m"},
    }
    address = {
        "name": "fixed",
        "properties": {"groupId": "blob", "memberName": "blob", "privateIPAddress": "10.0.1.20"},
    }
    body = {
        "location": "eastus",
        "tags": {"purpose": "conformance"},
        "properties": {
            "subnet": {"id": seeded["subnet"]},
            "manualPrivateLinkServiceConnections": [connection],
            "ipConfigurations": [address],
            "customNetworkInterfaceName": "pe-1-nic",
            "applicationSecurityGroups": [{"id": seeded["application_security_group"]}],
        },
    }
    client.settled("PUT", pe, version, body)
    client.call("GET", pe, version)
    client.settled("PUT", pe, version, {**body, "tags": {}})
    client.call("GET", f"{group}/{NETWORK}/networkInterfaces/pe-1-nic", version)
    client.call("GET", f"{group}/{NETWORK}/privateEndpoints", version)
    client.call("GET", f"{EVERYWHERE}/privateEndpoints", version)
    dns = f"{pe}/privateDnsZoneGroups/default"
    config = {"name": "blob", "properties": {"privateDnsZoneId": seeded["zone"]}}
    client.settled("PUT", dns, version, {"properties": {"privateDnsZoneConfigs": [config]}})
    client.control("POST", f"/connections?id={pe}", {"status": "Approved", "description": "yes"})
    client.call("GET", dns, version)
    client.call("GET", f"{pe}/privateDnsZoneGroups", version)
    client.call("GET", pe, version)
    client.call("GET", seeded["subnet"], version)
    client.call("GET", seeded["virtual_network"], version)
    client.settled("DELETE", dns, version)
    client.failing("DELETE", pe, version)
    client.settled("DELETE", pe, version)
    client.call("DELETE", pe, version)
    client.call("GET", pe, version)
    client.call("PUT", pe, version, {"location": "eastus", "properties": {}})


def networks(client, version, seeded):
    """A virtual network and its subnets."""
    network = f"{seeded['resource_group']}/{NETWORK}/virtualNetworks/vnet-1"
    subnet = {"name": "a", "properties": {"addressPrefix": "10.5.0.0/24"}}
    properties = {"addressSpace": {"addressPrefixes": ["10.5.0.0/16"]}, "subnets": [subnet]}
    client.settled("PUT", network, version, {"location": "eastus", "properties": properties})
    client.call("PATCH", network, version, {"tags": {"a": "b"}})
    other = {"properties": {"addressPrefixes": ["10.5.1.0/24"], "privateEndpointNetworkPolicies": "Enabled"}}
    client.settled("PUT", f"{network}/subnets/b", version, other)
    client.call("GET", f"{network}/subnets", version)
    client.call("PUT", f"{network}/subnets/c", version, other)
    client.settled("DELETE", f"{network}/subnets/b", version)
    client.settled("DELETE", network, version)


def zones(client, version, seeded):
    """A zone with links and records."""
    zone = f"{seeded['resource_group']}/{NETWORK}/privateDnsZones/privatelink.api.azureml.ms"
    client.settled("PUT", zone, version, {"location": "global", "tags": {"a": "b"}})
    client.call("GET", zone, version)
    client.failing("PATCH", zone, version, {"tags": {}})
    client.settled("PATCH", zone, version, {"tags": {}})
    client.call("GET", zone.rsplit("/", 1)[0], version)
    client.call("GET", f"{EVERYWHERE}/privateDnsZones", version)
    link = f"{zone}/virtualNetworkLinks/link-1"
    properties = {"virtualNetwork": {"id": seeded["virtual_network"]}, "registrationEnabled": False}
    if version >= "2024-06-01":
        properties["resolutionPolicy"] = "NxDomainRedirect"
    client.settled("PUT", link, version, {"location": "global", "properties": properties})
    client.call("GET", link, version)
    client.settled("PATCH", link, version, {"tags": {"a": "b"}})
    client.call("GET", f"{zone}/virtualNetworkLinks", version)
    record = {"properties": {"ttl": 3600, "aRecords": [{"ipv4Address": "10.0.0.4"}], "metadata": {"a": "b"}}}
    client.call("PUT", f"{zone}/A/x", version, record)
    client.call("PATCH", f"{zone}/A/x", version, {"properties": {"ttl": 60}})
    client.call("GET", f"{zone}/A/x", version)
    client.call("GET", f"{zone}/SOA/@", version)
    client.call("GET", f"{zone}/A", version)
    client.call("GET", f"{zone}/ALL", version)
    client.call("DELETE", f"{zone}/A/x", version)
    client.call("DELETE", f"{zone}/A/x", version)
    client.call("DELETE", zone, version)
    client.settled("DELETE", link, version)
    client.settled("DELETE", zone, version)
    client.call("DELETE", zone, version)
    client.call("GET", zone, version)


NETWORK_LIVES = [endpoint, networks]
DNS_LIVES = [zones]
