import {
  to = azureml_resource_group.example
  id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-rg"
}
