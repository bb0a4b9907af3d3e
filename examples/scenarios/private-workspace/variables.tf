variable "name" {
  description = "Name of the workspace, its endpoint and its links."
  type        = string
  default     = "private-workspace"
}

variable "resource_group_name" {
  description = "Name of the resource group that is created."
  type        = string
  default     = "private-workspace-rg"
}

variable "location" {
  description = "Region of all that is created, which is that of the virtual network."
  type        = string
}

variable "virtual_network_id" {
  description = "ID of the virtual network from which the workspace is used."
  type        = string
}

variable "subnet_name" {
  description = "Name of the subnet that gives the endpoint its addresses."
  type        = string
  default     = "default"
}

variable "storage_account_id" {
  description = "ID of the storage account that holds the workspace's data."
  type        = string
}

variable "key_vault_id" {
  description = "ID of the key vault that holds the workspace's secrets."
  type        = string
}
