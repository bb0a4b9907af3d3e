terraform {
  required_providers {
    azureml = {
      source = "azureml/azureml"
    }
  }
}

# Most arguments can come from the environment instead, under the names that other Azure providers read: ARM_SUBSCRIPTION_ID,
# ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_USE_OIDC and so on.
provider "azureml" {
  subscription_id = "00000000-0000-0000-0000-000000000000"

  default_tags = {
    managed-by = "terraform"
  }
}
