data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "example" {
  name     = "example-rg"
  location = "westeurope"
}

resource "azurerm_storage_account" "example" {
  name                     = "examplestorage"
  resource_group_name      = azurerm_resource_group.example.name
  location                 = azurerm_resource_group.example.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_key_vault" "example" {
  name                = "example-vault"
  resource_group_name = azurerm_resource_group.example.name
  location            = azurerm_resource_group.example.location
  tenant_id           = data.azurerm_client_config.current.tenant_id
  sku_name            = "standard"
}

resource "azurerm_log_analytics_workspace" "example" {
  name                = "example-logs"
  resource_group_name = azurerm_resource_group.example.name
  location            = azurerm_resource_group.example.location
}

resource "azurerm_application_insights" "example" {
  name                = "example-insights"
  resource_group_name = azurerm_resource_group.example.name
  location            = azurerm_resource_group.example.location
  workspace_id        = azurerm_log_analytics_workspace.example.id
  application_type    = "web"
}

resource "azureml_workspace" "example" {
  name                = "example-workspace"
  resource_group_name = azurerm_resource_group.example.name

  storage_account_id      = azurerm_storage_account.example.id
  key_vault_id            = azurerm_key_vault.example.id
  application_insights_id = azurerm_application_insights.example.id

  display_name = "Example"
  description  = "Where the example team trains its models"

  tags = {
    team = "example"
  }
}
