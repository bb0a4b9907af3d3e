//! Arguments that come from variables, as those of modules do: while a configuration is validated, their values are unknown, which
//! is neither set nor null. What is wrong with them is said where they are known.
//!
//! Most of it is generated from `providers schema`, so that every new argument is among it.

mod blocks;
mod values;

use acceptance_tests::{Provider, Scene, Workdir, every_cli};

use blocks::Blocks;

#[test]
fn nothing_is_wrong_with_what_is_not_known() {
    every_cli(|cli| {
        let dir = Workdir::new(cli, &Provider::azureml());
        let schema = dir.provider_schema("azureml/azureml");
        let blocks = Blocks::of(&schema);
        dir.write("main.tf", &blocks.resources());
        let output = dir.validate();
        assert!(output.diagnostics().len() <= 1, "{:#?}", brief(&output));
        output.succeeds();
        dir.write("main.tf", &blocks.providers());
        let output = dir.validate();
        assert!(output.diagnostics().len() <= 1, "{:#?}", brief(&output));
        output.succeeds();
    });
}

/// What was said of which blocks: their labels name the arguments.
fn brief(output: &acceptance_tests::Output) -> Vec<(String, String, String)> {
    output.diagnostics().into_iter().map(|one| (one.address, one.summary, one.code)).collect()
}

/// A module for endpoints and their approvals: the caller names a workspace or anything else, an endpoint or a connection.
const MODULE: &str = r#"
variable "target" {
  type = object({ workspace = optional(string), other = optional(string), groups = optional(set(string)) })
}
variable "connection" {
  type = object({ endpoint = optional(string), name = optional(string) })
}
resource "azureml_private_endpoint" "main" {
  name                           = "endpoint"
  resource_group_name            = "scene-rg"
  subnet_id                      = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/s"
  workspace_id                   = var.target.workspace
  private_connection_resource_id = var.target.other
  group_ids                      = var.target.groups
}
resource "azureml_private_endpoint_approval" "main" {
  workspace_id                   = var.target.workspace
  private_connection_resource_id = var.target.other
  private_endpoint_id            = var.connection.endpoint
  connection_name                = var.connection.name
}
"#;

#[test]
fn exactly_one_of_two_arguments_is_checked_where_they_are_known() {
    const VAULT: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
    const ENDPOINT: &str = "azureml_private_endpoint.main";
    const APPROVAL: &str = "azureml_private_endpoint_approval.main";
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.write("main.tf", MODULE);
        scene.dir.validate().succeeds();
        let workspace = format!("workspace = \"{}\"", scene.id());
        let vault = format!("other = \"{VAULT}\", groups = [\"vault\"]");
        let plan = |target: &str, connection: &str| {
            let [target, connection] = [("target", target), ("connection", connection)]
                .map(|(name, members)| format!("-var={name}={{{members}}}"));
            let plan = scene.dir.plan_with(&[&target, &connection]);
            let mut found: Vec<_> = plan
                .output
                .errors()
                .into_iter()
                .map(|error| (error.address, error.summary, error.code))
                .collect();
            found.sort();
            found
        };
        let error = |address: &str, summary: &str, code: &str| {
            (address.to_owned(), summary.to_owned(), code.to_owned())
        };
        let (workspace_id, connection) =
            ("workspace_id                   = var.target.workspace", "name = \"c\"");
        let resource_id = "private_connection_resource_id = var.target.other";
        assert_eq!(plan(&workspace, connection), []);
        assert_eq!(plan(&vault, connection), []);
        let two = [error(ENDPOINT, "Two Targets", resource_id), error(APPROVAL, "Two Targets", resource_id)];
        assert_eq!(plan(&format!("{workspace}, {vault}"), connection), two);
        let none = [
            error(ENDPOINT, "Missing Target", workspace_id),
            error(APPROVAL, "Missing Target", workspace_id),
        ];
        assert_eq!(plan("", connection), none);
        let code = "connection_name                = var.connection.name";
        let endpoint = "endpoint = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/e\"";
        assert_eq!(
            plan(&vault, &format!("{connection}, {endpoint}")),
            [error(APPROVAL, "Two Connections", code)]
        );
        let code = "private_endpoint_id            = var.connection.endpoint";
        assert_eq!(plan(&vault, ""), [error(APPROVAL, "Missing Connection", code)]);
        assert_eq!(scene.azure.requests().writes().len(), 0);
    });
}
