import {
  to = azureml_resource_management_private_link_association.example
  id = "/providers/Microsoft.Management/managementGroups/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/privateLinkAssociations/22222222-2222-2222-2222-222222222222"
}
