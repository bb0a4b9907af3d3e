//! The function that names the zones of a workspace.

use acceptance_tests::{Scene, every_cli};
use serde_json::json;

#[test]
fn the_function_knows_each_cloud_and_refuses_what_is_none() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let output = |expression: &str| {
            scene.dir.write("main.tf", &format!("output \"zones\" {{ value = {expression} }}\n"));
            scene.dir.plan()
        };
        for (argument, zones) in [
            ("", ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]),
            ("null", ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]),
            ("\"usgovernment\"", ["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"]),
            ("\"china\"", ["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"]),
        ] {
            let plan = output(&format!("provider::azureml::private_dns_zone_names({argument})"));
            assert_eq!(plan.json()["planned_values"]["outputs"]["zones"]["value"], json!(zones));
        }
        let error = output("provider::azureml::private_dns_zone_names(\"moon\")").is_refused().only_error();
        let text = "\"moon\" is not a cloud: use \"public\", \"usgovernment\" or \"china\".";
        assert!(error.detail.contains(text), "{error:?}");
        let two = "provider::azureml::private_dns_zone_names(\"public\", null)";
        let error = output(two).is_refused().only_error();
        assert!(error.detail.contains("name at most one cloud; 2 are given."), "{error:?}");
        // What is not known yet is no error.
        let cloud = "resource \"terraform_data\" \"cloud\" {\n  input = \"china\"\n}\n";
        let name = "provider::azureml::private_dns_zone_names(terraform_data.cloud.output)";
        scene.dir.write("main.tf", &format!("{cloud}output \"zones\" {{ value = {name} }}\n"));
        let plan = scene.dir.plan();
        assert_eq!(plan.json()["output_changes"]["zones"]["after_unknown"], true, "{:?}", plan.output);
        scene.dir.apply().succeeds();
        let zones = json!(["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"]);
        assert_eq!(scene.dir.state()["values"]["outputs"]["zones"]["value"], zones);
        assert_eq!(scene.azure.requests().len(), 0);
    });
}
