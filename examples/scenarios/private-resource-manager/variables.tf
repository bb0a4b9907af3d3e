variable "name" {
  description = "Name of the private link, its endpoint and its link to the network."
  type        = string
  default     = "resource-manager"
}

variable "resource_group_name" {
  description = "Name of the resource group that is created."
  type        = string
  default     = "private-resource-manager-rg"
}

variable "location" {
  description = "Region of all that is created, which is that of the virtual network."
  type        = string
}

variable "tenant_id" {
  description = "ID of the tenant, which is the name of its root management group."
  type        = string
}

variable "public_network_access" {
  description = "\"Disabled\" closes Resource Manager to the rest of the world, for the whole tenant."
  type        = string
  default     = "Enabled"
}

variable "virtual_network_id" {
  description = "ID of the virtual network from which Azure is managed."
  type        = string
}

variable "subnet_name" {
  description = "Name of the subnet that gives the endpoint its address."
  type        = string
  default     = "default"
}
