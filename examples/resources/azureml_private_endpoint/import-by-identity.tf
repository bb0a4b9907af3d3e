import {
  to = azureml_private_endpoint.workspace
  identity = {
    name                = "example-workspace"
    resource_group_name = "example-rg"
    subscription_id     = "00000000-0000-0000-0000-000000000000"
  }
}
