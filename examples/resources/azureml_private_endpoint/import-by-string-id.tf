import {
  to = azureml_private_endpoint.workspace
  id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-rg/providers/Microsoft.Network/privateEndpoints/example-workspace"
}
