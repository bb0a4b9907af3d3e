# By resource ID, in any casing
terraform import azureml_resource_management_private_link.example /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/connectivity-rg/providers/Microsoft.Authorization/resourceManagementPrivateLinks/example-arm
