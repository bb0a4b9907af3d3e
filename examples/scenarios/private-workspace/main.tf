# A workspace that is reached through a virtual network: the private network section of the Azure guide, in one apply.
#
# What the guide does in seven commands is zone, link and endpoint below. The virtual network with its subnet, and the
# storage account and key vault, exist already.

terraform {
  # Functions of providers came with Terraform 1.8 and OpenTofu 1.7.
  required_version = ">= 1.7"

  required_providers {
    azureml = {
      source = "azureml/azureml"
    }
  }
}

# Subscription and sign-in come from the environment (ARM_SUBSCRIPTION_ID and the like).
provider "azureml" {}

resource "azureml_resource_group" "main" {
  name     = var.resource_group_name
  location = var.location
}

resource "azureml_workspace" "main" {
  name                = var.name
  resource_group_name = azureml_resource_group.main.name

  storage_account_id = var.storage_account_id
  key_vault_id       = var.key_vault_id

  # Nobody gets in except through the endpoint.
  public_network_access = "Disabled"
}

# A workspace has names in two zones: one for its API, one for its notebooks. In another cloud the zones have other names:
# provider::azureml::private_dns_zone_names("usgovernment").
resource "azureml_private_dns_zone" "main" {
  for_each = provider::azureml::private_dns_zone_names()

  name                = each.value
  resource_group_name = azureml_resource_group.main.name
}

# What makes the virtual network resolve the names of the zones.
resource "azureml_private_dns_link" "main" {
  for_each = azureml_private_dns_zone.main

  name                = var.name
  private_dns_zone_id = each.value.id
  virtual_network_id  = var.virtual_network_id
}

# The way to the workspace, with its names in both zones.
resource "azureml_private_endpoint" "main" {
  name                = var.name
  resource_group_name = azureml_resource_group.main.name
  subnet_id           = "${var.virtual_network_id}/subnets/${var.subnet_name}"
  workspace_id        = azureml_workspace.main.id

  private_dns_zone_group = {
    private_dns_zone_ids = [for zone in azureml_private_dns_zone.main : zone.id]
  }
}
