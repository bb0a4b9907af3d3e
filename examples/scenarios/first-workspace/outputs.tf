output "workspace_id" {
  description = "ID of the workspace in Resource Manager."
  value       = azureml_workspace.first.id
}

output "mlflow_tracking_uri" {
  description = "Where MLflow clients send their runs."
  value       = azureml_workspace.first.mlflow_tracking_uri
}

output "principal_id" {
  description = "The identity of the workspace, to give access to data with."
  value       = azureml_workspace.first.identity.principal_id
}
