import {
  to = azureml_resource_management_private_link.example
  id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/connectivity-rg/providers/Microsoft.Authorization/resourceManagementPrivateLinks/example-arm"
}
