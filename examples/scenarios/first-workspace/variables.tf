variable "name" {
  description = "Name of the workspace."
  type        = string
  default     = "first-workspace"
}

variable "description" {
  description = "What the workspace is for."
  type        = string
  default     = "Made in five minutes"
}

variable "resource_group_name" {
  description = "Name of the resource group, which exists already and whose location the workspace takes."
  type        = string
}

variable "storage_account_id" {
  description = "ID of the storage account that holds the workspace's data."
  type        = string
}

variable "key_vault_id" {
  description = "ID of the key vault that holds the workspace's secrets."
  type        = string
}

variable "application_insights_id" {
  description = "ID of the Application Insights component that the workspace reports to."
  type        = string
}
