resource "azureml_workspace" "example" {
  name                = "example-workspace"
  resource_group_name = "example-rg"

  storage_account_id      = azurerm_storage_account.example.id
  key_vault_id            = azurerm_key_vault.example.id
  application_insights_id = azurerm_application_insights.example.id

  display_name          = "Example"
  description           = "Where the example team trains its models"
  public_network_access = "Disabled"

  tags = {
    team = "example"
  }
}
