# Where the state lives, so that every job sees the same one. Put your own storage account here; any backend with locking will do.
terraform {
  backend "azurerm" {
    storage_account_name = "examplestate"
    container_name       = "tfstate"
    key                  = "azureml.tfstate"
    use_oidc             = true
    use_azuread_auth     = true
  }
}
