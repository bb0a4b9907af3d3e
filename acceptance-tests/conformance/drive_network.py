"""The official SDKs of Network and Private DNS drive the lives of private endpoints, zones and links."""

import urllib.parse
from contextlib import contextmanager

from azure.core import MatchConditions
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from client import control

PLACE = "eastus"


@contextmanager
def requested(azure, group, target, service):
    """An endpoint in a network of its own that somebody has to approve; its ID."""
    client = azure.client(NetworkManagementClient)
    name = "sdk-requested"
    networks, endpoints = client.virtual_networks, client.private_endpoints
    subnet = {"name": "endpoints", "properties": {"addressPrefix": "10.7.1.0/24"}}
    properties = {"addressSpace": {"addressPrefixes": ["10.7.0.0/16"]}, "subnets": [subnet]}
    network = networks.begin_create_or_update(group, name, {"location": PLACE, "properties": properties}).result()
    connection = {
        "name": name,
        "properties": {"privateLinkServiceId": target, "groupIds": [service], "requestMessage": "please"},
    }
    properties = {
        "subnet": {"id": f"{network.id}/subnets/endpoints"},
        "manualPrivateLinkServiceConnections": [connection],
    }
    yield endpoints.begin_create_or_update(group, name, {"location": PLACE, "properties": properties}).result().id
    endpoints.begin_delete(group, name).result()
    networks.begin_delete(group, name).result()


def drive_networks(azure, tally, group):
    """Virtual networks and application security groups."""
    client = azure.client(NetworkManagementClient)
    body = {
        "location": PLACE,
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"name": "endpoints", "properties": {"addressPrefix": "10.0.1.0/24"}}],
        },
    }
    made = client.virtual_networks.begin_create_or_update(group, "sdk-vnet", body).result()
    tally.check("network's state", made.provisioning_state, "Succeeded")
    subnet = {"properties": {"addressPrefix": "10.0.2.0/24"}}
    client.subnets.begin_create_or_update(group, "sdk-vnet", "more", subnet).result()
    tally.check("subnets", [s.name for s in client.subnets.list(group, "sdk-vnet")], ["endpoints", "more"])
    client.subnets.begin_delete(group, "sdk-vnet", "more").result()
    groups = client.application_security_groups
    tally.check("security group", groups.begin_create_or_update(group, "sdk-asg", {"location": PLACE}).result().name, "sdk-asg")
    groups.begin_delete(group, "sdk-asg").result()
    return client.subnets.get(group, "sdk-vnet", "endpoints").id, made.id


def drive_zone(azure, tally, group, network):
    """A private zone with a link and records."""
    client = azure.client(PrivateDnsManagementClient)
    name = "privatelink.blob.core.windows.net"
    zones, links, records = client.private_zones, client.virtual_network_links, client.record_sets
    zone = zones.begin_create_or_update(group, name, {"location": "Global"}, match_condition=MatchConditions.IfMissing).result()
    tally.check("zone's records", zone.number_of_record_sets, 1)
    tally.refused(
        "a zone that is there",
        "PreconditionFailed",
        lambda: zones.begin_create_or_update(
            group, name, {"location": "Global"}, match_condition=MatchConditions.IfMissing
        ),
    )
    unchanged = MatchConditions.IfNotModified
    changed = zones.begin_update(
        group, name, {"tags": {"a": "b"}}, etag=zone.etag, match_condition=unchanged
    ).result()
    tally.check("zone's tags", changed.tags, {"a": "b"})
    link = {"location": "global", "properties": {"virtualNetwork": {"id": network}, "registrationEnabled": False}}
    made = links.begin_create_or_update(group, name, "sdk-link", link).result()
    tally.check("link's state", (made.provisioning_state, made.virtual_network_link_state), ("Succeeded", "Completed"))
    tally.check("links", [l.name for l in links.list(group, name)], ["sdk-link"])
    record = {"properties": {"ttl": 60, "aRecords": [{"ipv4Address": "10.0.0.4"}]}}
    tally.check("record", records.create_or_update(group, name, "A", "by-hand", record).fqdn, f"by-hand.{name}.")
    tally.check("records", [r.name for r in records.list(group, name)], ["by-hand", "@"])
    tally.refused("a zone with a link", "CannotDeleteResource", lambda: zones.begin_delete(group, name))
    return zone.id


def drive_endpoint(azure, tally, group, subnet, zone, storage):
    """A private endpoint that somebody approves, with its zone group."""
    client = azure.client(NetworkManagementClient)
    endpoints, groups = client.private_endpoints, client.private_dns_zone_groups
    connection = {
        "name": "c",
        "properties": {"privateLinkServiceId": storage, "groupIds": ["blob"], "requestMessage": "please"},
    }
    body = {
        "location": PLACE,
        "properties": {"subnet": {"id": subnet}, "manualPrivateLinkServiceConnections": [connection]},
    }
    made = endpoints.begin_create_or_update(group, "sdk-pe", body).result()
    state = made.manual_private_link_service_connections[0].private_link_service_connection_state
    tally.check("endpoint", (made.provisioning_state, state.status), ("Succeeded", "Pending"))
    control("POST", f"/connections?id={urllib.parse.quote(made.id)}", {"status": "Approved", "description": "yes"})
    made = endpoints.get(group, "sdk-pe")
    fqdn = f"{storage.rsplit('/', 1)[1]}.blob.core.windows.net"
    tally.check("names", [(c.fqdn, c.ip_addresses) for c in made.custom_dns_configs], [(fqdn, ["10.0.1.4"])])
    interface = client.network_interfaces.get(group, made.network_interfaces[0].id.rsplit("/", 1)[1])
    tally.check("address", interface.ip_configurations[0].private_ip_address, "10.0.1.4")
    config = {"name": "blob", "properties": {"privateDnsZoneId": zone}}
    dns = groups.begin_create_or_update(
        group, "sdk-pe", "default", {"properties": {"privateDnsZoneConfigs": [config]}}
    ).result()
    tally.check("record set", dns.private_dns_zone_configs[0].record_sets[0].ip_addresses, ["10.0.1.4"])
    tally.check("zone groups", [g.name for g in groups.list("sdk-pe", group)], ["default"])
    inside = control("GET", f"/resolve?name={fqdn}&virtual_network={subnet.rsplit('/subnets/', 1)[0]}")
    tally.check("resolved", (inside["addresses"], inside["public"]), (["10.0.1.4"], False))
    tally.refused(
        "a network with an endpoint", "InUseSubnetCannotBeDeleted", lambda: client.virtual_networks.begin_delete(group, "sdk-vnet")
    )
    groups.begin_delete(group, "sdk-pe", "default").result()
    endpoints.begin_delete(group, "sdk-pe").result()
    tally.check("endpoints", list(endpoints.list(group)), [])


def drive(azure, tally, group, storage):
    """Drives everything of the network."""
    subnet, network = drive_networks(azure, tally, group)
    zone = drive_zone(azure, tally, group, network)
    drive_endpoint(azure, tally, group, subnet, zone, storage)
    dns, client = azure.client(PrivateDnsManagementClient), azure.client(NetworkManagementClient)
    name = zone.rsplit("/", 1)[1]
    dns.virtual_network_links.begin_delete(group, name, "sdk-link").result()
    dns.private_zones.begin_delete(group, name).result()
    client.virtual_networks.begin_delete(group, "sdk-vnet").result()
