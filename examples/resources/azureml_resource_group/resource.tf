resource "azureml_resource_group" "example" {
  name     = "example-rg"
  location = "westeurope"

  tags = {
    team = "example"
  }
}
