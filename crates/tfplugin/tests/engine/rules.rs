//! What the CLIs assert of a provider's answers, from their observable behaviour: "invalid plan", "inconsistent result
//! after apply" and "inconsistent final plan". Nothing here is shared with the engine.

use tfplugin::schema::{Field, Nesting};
use tfplugin::{Path, Type, Value};

const NULL: Value = Value::Null;

fn member<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.attribute(name).unwrap_or(&NULL)
}

/// The reasons why a CLI would refuse a plan as invalid.
pub(crate) fn plan_faults(fields: &[Field], config: &Value, prior: &Value, planned: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if config.is_null() != planned.is_null() {
        faults.push("the plan is null where the configuration is not, or the reverse".to_owned());
    } else if !config.is_null() {
        object(fields, &Path::root(), [config, prior, planned], &mut faults);
    }
    faults
}

fn object(fields: &[Field], path: &Path, [config, prior, planned]: [&Value; 3], faults: &mut Vec<String>) {
    for field in fields {
        let values = [member(config, field.name), member(prior, field.name), member(planned, field.name)];
        attribute(field, &path.clone().attribute(field.name), values, faults);
    }
}

fn attribute(field: &Field, path: &Path, values: [&Value; 3], faults: &mut Vec<String>) {
    let [config, prior, planned] = values;
    let mut fault =
        |what: &str| faults.push(format!("{path}: {what}: {config:?} -> {planned:?}, was {prior:?}"));
    if field.write_only {
        if !planned.is_null() {
            fault("write-only in the plan");
        }
    } else if planned == config || (planned == prior && !prior.is_null() && !config.is_null()) {
        // As configured, or as it was.
    } else if field.computed && (!field.optional || config.is_null()) {
        // The provider's own affair.
    } else if config.is_null() {
        fault("planned although not configured");
    } else {
        match field.nested() {
            Some((nesting, fields)) => nested(nesting, fields, path, values, faults),
            None => fault("neither as configured nor as it was"),
        }
    }
}

fn nested(nesting: Nesting, fields: &[Field], path: &Path, values: [&Value; 3], faults: &mut Vec<String>) {
    let [config, prior, planned] = values;
    if planned.is_null() || planned.is_unknown() || config.is_unknown() {
        faults.push(format!("{path}: null or unknown otherwise than configured"));
        return;
    }
    match nesting {
        Nesting::Single => object(fields, path, values, faults),
        Nesting::List => {
            let [config, prior, planned] =
                [config, prior, planned].map(|value| value.elements().unwrap_or_default());
            if config.len() != planned.len() {
                faults.push(format!(
                    "{path}: {} elements are configured, {} planned",
                    config.len(),
                    planned.len()
                ));
            }
            for (index, (config, planned)) in config.iter().zip(planned).enumerate() {
                let values = [config, prior.get(index).unwrap_or(&NULL), planned];
                element(fields, &path.clone().index(index as i64), values, faults);
            }
        }
        Nesting::Map => {
            let (Some(config), Some(planned)) = (config.entries(), planned.entries()) else { return };
            if !config.keys().eq(planned.keys()) {
                faults.push(format!("{path}: other keys are planned than configured"));
            }
            for (key, config) in config {
                let prior = prior.entries().and_then(|prior| prior.get(key)).unwrap_or(&NULL);
                let values = [config, prior, planned.get(key).unwrap_or(&NULL)];
                element(fields, &path.clone().key(key), values, faults);
            }
        }
        Nesting::Set => {
            let [config, planned] = [config, planned].map(|value| value.elements().map_or(0, <[Value]>::len));
            if config != planned {
                faults.push(format!("{path}: {config} elements are configured, {planned} planned"));
            }
        }
    }
}

fn element(fields: &[Field], path: &Path, values: [&Value; 3], faults: &mut Vec<String>) {
    let [config, _, planned] = values;
    if config == planned {
        return;
    }
    if planned.is_null() || planned.is_unknown() || config.is_null() || config.is_unknown() {
        faults.push(format!("{path}: null or unknown otherwise than configured"));
        return;
    }
    object(fields, path, values, faults);
}

/// The reasons why a CLI would refuse what became of a plan: after the apply, or in the plan made anew before it.
pub(crate) fn apply_faults(ty: &Type, planned: &Value, actual: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    compatible(ty, &Path::root(), planned, actual, &mut faults);
    faults
}

fn compatible(ty: &Type, path: &Path, planned: &Value, actual: &Value, faults: &mut Vec<String>) {
    if planned.is_unknown() {
        return;
    }
    let mut fault = |what: &str| faults.push(format!("{path}: {what}: {planned:?} became {actual:?}"));
    if planned.is_null() != actual.is_null() {
        return fault("null came or went");
    }
    if actual.is_unknown() {
        return fault("known became unknown");
    }
    match (ty, planned, actual) {
        (_, Value::Null, Value::Null) => {}
        (Type::Object(types), Value::Object(planned), Value::Object(actual)) => {
            for (name, ty) in types {
                let [planned, actual] = [planned, actual].map(|object| object.get(name).unwrap_or(&NULL));
                compatible(ty, &path.clone().attribute(name), planned, actual, faults);
            }
        }
        (Type::List(ty), Value::List(planned), Value::List(actual)) => {
            if planned.len() != actual.len() {
                return fault("another length");
            }
            for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                compatible(ty, &path.clone().index(index as i64), planned, actual, faults);
            }
        }
        (Type::Map(ty), Value::Map(planned), Value::Map(actual)) => {
            if !planned.keys().eq(actual.keys()) {
                return fault("other keys");
            }
            for (key, planned) in planned {
                compatible(ty, &path.clone().key(key), planned, &actual[key], faults);
            }
        }
        (Type::Set(ty), Value::Set(planned), Value::Set(actual)) => {
            let fits = |planned: &Value, actual: &Value| apply_faults(ty, planned, actual).is_empty();
            let all = planned.iter().all(|planned| actual.iter().any(|actual| fits(planned, actual)))
                && actual.iter().all(|actual| planned.iter().any(|planned| fits(planned, actual)));
            if !all || actual.len() > planned.len() {
                fault("other elements");
            }
        }
        _ if planned == actual => {}
        _ => fault("another value"),
    }
}
