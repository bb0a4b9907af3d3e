resource "azureml_resource_management_private_link" "example" {
  name                = "example-arm"
  resource_group_name = "connectivity-rg"
  location            = "westeurope"
}
