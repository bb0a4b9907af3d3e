"""Lives of what Resource Manager serves itself, as plain requests: groups, registrations, subscriptions. Each is a function of a
client, an api-version and the subscription's ID."""


def groups(client, version, subscription):
    """A resource group, and the lists of resources."""
    group = f"{subscription}/resourceGroups/rg-openapi-2"
    client.call("HEAD", group, version)
    client.call("PUT", group, version, {"location": "eastus", "tags": {"a": "b"}})
    client.call("PUT", group, version, {"location": "eastus"})
    client.call("HEAD", group, version)
    client.call("GET", group, version)
    client.call("PATCH", group, version, {"tags": {"c": "d"}})
    client.call("PUT", group, version, {"location": "westeurope"})
    client.call("GET", f"{subscription}/resourceGroups", version)
    client.call("GET", f"{group}/resources", version)
    client.call("GET", f"{subscription}/resources", version)
    client.settled("DELETE", group, version)
    client.call("GET", group, version)


def providers(client, version, subscription):
    """Registrations, and what the providers offer."""
    search = f"{subscription}/providers/Microsoft.Search"
    client.call("GET", f"{subscription}/providers", version)
    for action in ("unregister", "register"):
        client.call("POST", f"{search}/{action}", version)
        client.call("GET", search, version)
    client.call("GET", f"{subscription}/providers/Microsoft.Nope", version)


def subscriptions(client, version, subscription):
    """Subscriptions, their regions, and the tenants."""
    for path in ("/subscriptions", subscription, f"{subscription}/locations", "/tenants"):
        client.call("GET", path, version)
    client.call("GET", "/subscriptions/00000000-0000-0000-0000-00000000ffff", version)


RESOURCE_LIVES = [groups, providers]
SUBSCRIPTION_LIVES = [subscriptions]
