terraform {
  required_providers {
    azureml = {
      source = "azureml/azureml"
    }
  }
}

# Every argument can come from the environment instead: ARM_SUBSCRIPTION_ID, ARM_TENANT_ID, ARM_CLIENT_ID,
# ARM_CLIENT_SECRET, ARM_USE_CLI, ARM_ENVIRONMENT and ARM_METADATA_HOST.
provider "azureml" {
  subscription_id = "00000000-0000-0000-0000-000000000000"

  default_tags = {
    managed-by = "terraform"
  }
}
