terraform {
  required_version = ">= 1.8"

  required_providers {
    azureml = {
      source = "azureml/azureml"
    }
  }
}

# Which application, which tenant and which subscription, and how to sign in: all of it is in the environment of the job.
provider "azureml" {}

variable "resource_group_name" {
  type = string
}

variable "storage_account_id" {
  type = string
}

variable "key_vault_id" {
  type = string
}

resource "azureml_workspace" "main" {
  name                = "pipeline-workspace"
  resource_group_name = var.resource_group_name
  storage_account_id  = var.storage_account_id
  key_vault_id        = var.key_vault_id
}
