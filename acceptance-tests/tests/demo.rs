//! `make demo` keeps telling its story, under every tool.

use std::process::Command;

use acceptance_tests::{Running, built_binary, every_cli};

#[test]
fn the_demo_tells_its_story_to_the_end() {
    every_cli(|cli| {
        let mut demo = Command::new(built_binary("demo", None));
        demo.env("AZUREML_TEST_CLIS", &cli.path).env_remove("AZUREML_DEMAND_CLIS");
        let output = Running::start(demo).wait();
        output.succeeds().says(&format!("This is {cli}")).says("Done, in");
        output.says("1 to add, 0 to change, 0 to destroy").says("Resources: 0 added, 1 changed, 0 destroyed");
        output.says("No changes. Your infrastructure matches the configuration.").says("Import successful!");
        output.says("Destroy complete! Resources: 1 destroyed.").never_says("Warning:");
    });
}
