import {
  to = azureml_resource_group.example
  identity = {
    subscription_id = "00000000-0000-0000-0000-000000000000"
    name            = "example-rg"
  }
}
