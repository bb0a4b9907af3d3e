resource "azureml_private_dns_zone" "workspace" {
  for_each = provider::azureml::private_dns_zone_names()

  name                = each.value
  resource_group_name = "example-rg"
}

# Leads to a workspace, and puts its names into both of its zones.
resource "azureml_private_endpoint" "workspace" {
  name                = "example-workspace"
  resource_group_name = "example-rg"
  subnet_id           = azurerm_subnet.example.id
  workspace_id        = azureml_workspace.example.id

  private_dns_zone_group = {
    private_dns_zone_ids = [for zone in azureml_private_dns_zone.workspace : zone.id]
  }
}

# Leads to a storage account of another team, which approves the connection first.
resource "azureml_private_endpoint" "storage" {
  name                           = "example-storage"
  resource_group_name            = "example-rg"
  subnet_id                      = azurerm_subnet.example.id
  private_connection_resource_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/data-rg/providers/Microsoft.Storage/storageAccounts/exampledata"
  group_ids                      = ["blob"]
  manual_connection              = true
  request_message                = "For the training jobs of the example team"
  wait_for_approval              = true
}
