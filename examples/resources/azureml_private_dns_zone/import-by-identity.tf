import {
  to = azureml_private_dns_zone.example
  identity = {
    subscription_id     = "00000000-0000-0000-0000-000000000000"
    resource_group_name = "connectivity-rg"
    name                = "privatelink.api.azureml.ms"
  }
}
