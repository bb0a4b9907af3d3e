# By resource ID, in any casing
terraform import azureml_resource_group.example /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-rg
