# By the connection's resource ID, in any casing
terraform import azureml_private_endpoint_approval.example /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-rg/providers/Microsoft.MachineLearningServices/workspaces/example/privateEndpointConnections/to-workspace.00000000-0000-0000-0000-000000000002
