# Both zones that a workspace's private endpoint needs, in the public cloud.
resource "azureml_private_dns_zone" "workspace" {
  for_each = provider::azureml::private_dns_zone_names()

  name                = each.value
  resource_group_name = "example-rg"
}

# Those of another cloud.
output "zones_in_china" {
  value = provider::azureml::private_dns_zone_names("china")
}
