import {
  to = azureml_private_dns_link.example
  identity = {
    private_dns_zone_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/connectivity-rg/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms"
    name                = "example-network"
  }
}
