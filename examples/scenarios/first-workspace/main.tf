# A first workspace on a storage account, a key vault and an Application Insights component that exist already.

terraform {
  required_providers {
    azureml = {
      source = "azureml/azureml"
    }
  }
}

# Subscription and sign-in come from the environment (ARM_SUBSCRIPTION_ID and the like).
provider "azureml" {
  default_tags = {
    managed-by = "terraform"
  }
}

resource "azureml_workspace" "first" {
  name                = var.name
  resource_group_name = var.resource_group_name

  storage_account_id      = var.storage_account_id
  key_vault_id            = var.key_vault_id
  application_insights_id = var.application_insights_id

  display_name = "My first workspace"
  description  = var.description

  tags = {
    team = "data-science"
  }
}
