# Azure Resource Manager itself through a virtual network: whoever manages workspaces need not leave the network for it.
#
# The association acts on the whole tenant, not on a subscription: Azure takes it at the root management group only. As long
# as public_network_access is "Enabled", all else stays as it is. With "Disabled", nobody manages anything in the tenant
# except through private endpoints of this link: no portal, no pipeline, and no apply that would take it back. See that
# management works from the network first. AKS and Azure Bastion do not work together with it.
#
# Whoever applies this needs to be Owner of the root management group, and Owner or Contributor of the subscription. Not even
# a Global Administrator is Owner of the root management group at first: such a one elevates their access in Entra ID (Properties,
# "Access management for Azure resources"), assigns the role, and takes the elevation back:
#
#   az role assignment create --role Owner --assignee <object ID> \
#     --scope /providers/Microsoft.Management/managementGroups/<tenant ID>

terraform {
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

# What the endpoint leads to. By itself it changes nothing.
resource "azureml_resource_management_private_link" "main" {
  name                = var.name
  resource_group_name = azureml_resource_group.main.name
}

# What makes it act on the tenant. The ID of the root management group is that of the tenant.
resource "azureml_resource_management_private_link_association" "main" {
  management_group_id   = "/providers/Microsoft.Management/managementGroups/${var.tenant_id}"
  private_link_id       = azureml_resource_management_private_link.main.id
  public_network_access = var.public_network_access

  # With "Disabled" it closes the tenant to all who do not come through the endpoint, so that the way through it comes first,
  # and goes last.
  depends_on = [azureml_private_dns_link.main, azureml_private_endpoint.main]
}

# Resource Manager's name lies in this one.
resource "azureml_private_dns_zone" "main" {
  name                = "privatelink.azure.com"
  resource_group_name = azureml_resource_group.main.name
}

resource "azureml_private_dns_link" "main" {
  name                = var.name
  private_dns_zone_id = azureml_private_dns_zone.main.id
  virtual_network_id  = var.virtual_network_id
}

resource "azureml_private_endpoint" "main" {
  name                           = var.name
  resource_group_name            = azureml_resource_group.main.name
  subnet_id                      = "${var.virtual_network_id}/subnets/${var.subnet_name}"
  private_connection_resource_id = azureml_resource_management_private_link.main.id
  group_ids                      = ["ResourceManagement"]

  private_dns_zone_group = {
    private_dns_zone_ids = [azureml_private_dns_zone.main.id]
  }
}
