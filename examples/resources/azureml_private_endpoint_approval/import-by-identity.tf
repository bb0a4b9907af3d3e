import {
  to = azureml_private_endpoint_approval.example
  identity = {
    private_connection_resource_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-rg/providers/Microsoft.MachineLearningServices/workspaces/example"
    connection_name                = "to-workspace.00000000-0000-0000-0000-000000000002"
  }
}
