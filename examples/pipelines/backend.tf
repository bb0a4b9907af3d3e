# Where the state lives, so that every job sees the same one. Put your own storage account here; any backend with locking will do.
#
# In GitHub Actions and GitLab it signs in with the job's OIDC token, as the provider does. In Azure DevOps it knows of no application, as it does
# not read what the task sets for the provider (AZURESUBSCRIPTION_CLIENT_ID), and signs in through the Azure CLI, which the task has signed
# in. With use_azuread_auth, the application needs the role Storage Blob Data Contributor on the container.
terraform {
  backend "azurerm" {
    storage_account_name = "examplestate"
    container_name       = "tfstate"
    key                  = "azureml.tfstate"
    use_oidc             = true
    use_azuread_auth     = true
  }
}
