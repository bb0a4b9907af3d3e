# By resource ID, in any casing
terraform import azureml_private_dns_zone.example /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/connectivity-rg/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms
