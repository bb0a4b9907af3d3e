output "names" {
  description = "The names under which Resource Manager is found, with the addresses that they have in the virtual network."
  value       = { for config in azureml_private_endpoint.main.custom_dns_configs : config.fqdn => config.ip_addresses }
}
