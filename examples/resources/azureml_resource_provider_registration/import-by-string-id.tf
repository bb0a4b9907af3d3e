import {
  to = azureml_resource_provider_registration.example
  id = "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.MachineLearningServices"
}
