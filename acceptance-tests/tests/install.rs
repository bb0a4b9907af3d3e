//! `make install`: afterwards `init` finds the provider without a registry, and a configuration with modules plans.

use std::path::Path;
use std::process::Command;

use acceptance_tests::{Emulator, Provider, Running, Workdir, every_cli};

#[test]
fn an_installed_provider_is_found_by_init() {
    every_cli(|cli| {
        let azure = Emulator::start();
        let dir = Workdir::with_providers(cli, &[]).in_azure(&azure);
        let mut install = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/install.sh"));
        install.env("HOME", dir.path("home")).env("AZUREML_PROVIDER_BIN", Provider::azureml().binary);
        Running::start(install).wait().succeeds();

        let version = env!("CARGO_PKG_VERSION");
        dir.write("home/cli.tfrc", "");
        dir.write(
            "versions.tf",
            &format!(
                "terraform {{\n  required_providers {{\n    azureml = {{\n      source  = \"azureml/azureml\"\n      \
                 version = \"{version}\"\n    }}\n  }}\n}}\n"
            ),
        );
        std::fs::create_dir(dir.path("module")).expect("a folder for the module");
        dir.write("module/main.tf", "output \"said\" {\n  value = \"by a module\"\n}\n");
        dir.write("main.tf", "module \"local\" {\n  source = \"./module\"\n}\n");
        dir.run(&["init", "-no-color", "-input=false"])
            .succeeds()
            .says(&format!("azureml/azureml v{version}"));
        let schema = dir.provider_schema("azureml/azureml");
        assert!(schema["resource_schemas"]["azureml_workspace"].is_object());
    });
}
