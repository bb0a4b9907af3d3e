import {
  to = azureml_resource_management_private_link.example
  identity = {
    subscription_id     = "00000000-0000-0000-0000-000000000000"
    resource_group_name = "connectivity-rg"
    name                = "example-arm"
  }
}
