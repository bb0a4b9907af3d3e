output "workspace_id" {
  description = "ID of the workspace in Resource Manager."
  value       = azureml_workspace.main.id
}

output "names" {
  description = "The names under which the workspace is found, with the addresses that they have in the virtual network."
  value       = { for config in azureml_private_endpoint.main.custom_dns_configs : config.fqdn => config.ip_addresses }
}

output "private_ip_addresses" {
  description = "The addresses of the endpoint."
  value       = azureml_private_endpoint.main.private_ip_addresses
}
