resource "azureml_resource_management_private_link" "example" {
  name                = "example-arm"
  resource_group_name = "connectivity-rg"
  location            = "westeurope"
}

# Acts on the whole tenant. "Disabled" closes Resource Manager for everybody who is not on an endpoint of the private link:
# leave it at "Enabled" until endpoint and names work from where this runs.
resource "azureml_resource_management_private_link_association" "example" {
  management_group_id   = "/providers/Microsoft.Management/managementGroups/11111111-1111-1111-1111-111111111111"
  private_link_id       = azureml_resource_management_private_link.example.id
  public_network_access = "Enabled"
}
