import {
  to = azureml_resource_provider_registration.example
  identity = {
    subscription_id = "00000000-0000-0000-0000-000000000000"
    namespace       = "Microsoft.MachineLearningServices"
  }
}
