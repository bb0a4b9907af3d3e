data "azureml_resource_provider_registration" "example" {
  features = ["workspace", "customer_managed_key", "private_network"]

  lifecycle {
    postcondition {
      condition     = self.all_registered
      error_message = "Somebody with the right to has to run:\n${join("\n", self.commands)}"
    }
  }
}
