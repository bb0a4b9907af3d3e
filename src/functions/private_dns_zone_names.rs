//! `private_dns_zone_names`: the zones that a workspace's private endpoint needs.

use arm::Cloud;
use arm::cloud::Named;
use tfplugin::Value;
use tfplugin::function::{Function, FunctionError, Parameter, Signature};
use tfplugin::schema::Shape;

const DOC: &str = "\
Returns the names of the two private DNS zones in which a workspace with a private endpoint is found: one for its API, \
one for its notebooks. Called with nothing or null, they are those of the public cloud; called with `\"usgovernment\"` or \
`\"china\"`, those of that cloud.";

/// The function.
#[derive(Debug)]
pub(crate) struct PrivateDnsZoneNames;

impl Function for PrivateDnsZoneNames {
    fn signature(&self) -> Signature {
        let summary = "The names of the private DNS zones that a workspace needs";
        Signature::new("private_dns_zone_names", summary, Shape::Set(&Shape::String)).doc(DOC).variadic(
            Parameter::new(
                "environment",
                "The cloud, as the provider block names it: `public`, `usgovernment` or `china`. At most one.",
                Shape::String,
            )
            // A variable that nobody has set means what an argument that is not there means.
            .allow_null(),
        )
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        if arguments.len() > 1 {
            let text = format!("name at most one cloud; {} are given", arguments.len());
            return Err(FunctionError::argument(1, text));
        }
        let name = match arguments.first() {
            None | Some(Value::Null) => "public",
            Some(name) => {
                name.as_str().ok_or_else(|| FunctionError::argument(0, "the cloud's name is a text"))?
            }
        };
        let named: Named = name.parse().map_err(|_| {
            // The command-line tools end the sentence.
            let text = format!("{name:?} is not a cloud: use \"public\", \"usgovernment\" or \"china\"");
            FunctionError::argument(0, text)
        })?;
        let unknown = || FunctionError::argument(0, format!("the zones of the cloud {named} are not known"));
        let cloud = Cloud::named(named).map_err(|_| unknown())?;
        let zones = cloud.private_dns_zones().ok_or_else(unknown)?;
        Ok(Value::set_of(zones.of_workspace().map(Value::from)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(arguments: &[&str]) -> Result<Value, FunctionError> {
        let arguments: Vec<Value> = arguments.iter().copied().map(Value::from).collect();
        PrivateDnsZoneNames.call(&arguments)
    }

    fn set(names: [&str; 2]) -> Value {
        Value::set_of(names.map(Value::from))
    }

    #[test]
    fn each_cloud_has_two() {
        let public = set(["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]);
        assert_eq!(called(&[]).unwrap(), public);
        assert_eq!(called(&["public"]).unwrap(), public);
        assert_eq!(PrivateDnsZoneNames.call(&[Value::Null]).unwrap(), public);
        assert_eq!(
            called(&["usgovernment"]).unwrap(),
            set(["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"])
        );
        assert_eq!(
            called(&["China"]).unwrap(),
            set(["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"])
        );
    }

    #[test]
    fn what_is_no_cloud_is_refused() {
        let error = called(&["moon"]).unwrap_err();
        assert_eq!(error.argument, Some(0));
        assert_eq!(error.text, "\"moon\" is not a cloud: use \"public\", \"usgovernment\" or \"china\"");
        let error = called(&["public", "china"]).unwrap_err();
        assert_eq!((error.argument, error.text.as_str()), (Some(1), "name at most one cloud; 2 are given"));
    }
}
