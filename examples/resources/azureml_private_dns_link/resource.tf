resource "azureml_private_dns_zone" "workspace" {
  for_each = provider::azureml::private_dns_zone_names()

  name                = each.value
  resource_group_name = "connectivity-rg"
}

# What makes the virtual network resolve the names of the zones.
resource "azureml_private_dns_link" "workspace" {
  for_each = azureml_private_dns_zone.workspace

  name                = "example-network"
  private_dns_zone_id = each.value.id
  virtual_network_id  = azurerm_virtual_network.example.id
}
