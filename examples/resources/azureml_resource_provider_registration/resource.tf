# What workspaces with keys of your own need; one resource for each namespace.
resource "azureml_resource_provider_registration" "example" {
  for_each = toset([
    "Microsoft.MachineLearningServices",
    "Microsoft.DocumentDB",
    "Microsoft.Search",
  ])

  namespace = each.key
}

# A storage account in another subscription needs this there.
resource "azureml_resource_provider_registration" "data" {
  namespace       = "Microsoft.MachineLearningServices"
  subscription_id = "00000000-0000-0000-0000-000000000001"
}
