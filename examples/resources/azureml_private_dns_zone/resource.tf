# The zones in which a workspace with a private endpoint is found: one for its API, one for its notebooks.
resource "azureml_private_dns_zone" "workspace" {
  for_each = provider::azureml::private_dns_zone_names()

  name                = each.value
  resource_group_name = "connectivity-rg"

  tags = {
    team = "network"
  }
}
