# Encrypted with a key of your own, which a user-assigned identity of the workspace reads.
resource "azureml_workspace" "encrypted" {
  name                = "encrypted-workspace"
  resource_group_name = "example-rg"
  location            = "westeurope"

  storage_account_id = azurerm_storage_account.example.id
  key_vault_id       = azurerm_key_vault.example.id
  hbi_workspace      = true

  identity = {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.example.id]
  }
  primary_user_assigned_identity_id = azurerm_user_assigned_identity.example.id

  # A new version of the key, or another key in the same vault, is taken over in place.
  customer_managed_key = {
    key_vault_id              = azurerm_key_vault.keys.id
    key_id                    = azurerm_key_vault_key.example.id
    user_assigned_identity_id = azurerm_user_assigned_identity.example.id
  }

  # Frees the name at once, instead of after the 14 days of soft delete.
  purge_on_destroy = true

  timeouts {
    create = "90m"
  }
}
