# Another team has made a private endpoint to the workspace, and waits for its approval.
resource "azureml_private_endpoint_approval" "analytics" {
  workspace_id        = azureml_workspace.example.id
  private_endpoint_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/analytics-rg/providers/Microsoft.Network/privateEndpoints/to-workspace"
  description         = "For the analytics team, as agreed"

  # Removing this resource cuts the connection off.
  reject_on_destroy = true
}

# A connection that nobody asked for, by the name that the storage account has for it.
resource "azureml_private_endpoint_approval" "unknown" {
  private_connection_resource_id = azurerm_storage_account.example.id
  connection_name                = "unknown.00000000-0000-0000-0000-000000000002"
  status                         = "Rejected"
  description                    = "Ask the data team first"
}
