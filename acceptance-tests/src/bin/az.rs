//! A stand-in for the Azure CLI: the few commands that programs run to borrow its sign-in, with its JSON, its words on stderr
//! and its exit codes. What it knows of subscriptions it keeps where the real one does (`azureProfile.json` in
//! `AZURE_CONFIG_DIR`); tokens it gets from the Entra ID that `session.json` beside it names, with a refresh token.

#![allow(clippy::print_stdout, reason = "a command-line program")]

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};

/// The client ID of the Azure CLI, the same everywhere.
const CLIENT: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const VERSION: &str = "2.77.0";
const LOGIN: &str = "Please run 'az login' to setup account.";

/// Why a command ends early: what stderr says after `ERROR: `, and the exit code.
struct Failure(String, u8);

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self(text, 1)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string(), 1)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(Failure(text, code)) => {
            eprintln!("ERROR: {text}");
            ExitCode::from(code)
        }
    }
}

/// Options of a command, by their long names.
#[derive(Default)]
struct Options {
    subscription: Option<String>,
    tenant: Option<String>,
    scope: Option<String>,
    output: String,
}

fn run(arguments: &[String]) -> Result<String, Failure> {
    let folder = folder()?;
    let mut log = std::fs::OpenOptions::new().append(true).create(true).open(folder.join("commands.log"))?;
    // In one piece, for two of them may run at once.
    log.write_all(format!("{}\n", arguments.join(" ")).as_bytes())?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).take_while(|a| !a.starts_with('-')).collect();
    let options = read_options(&arguments[words.len()..]);
    let printed = match words.as_slice() {
        [] if arguments.iter().any(|a| a == "--version") => return Ok(versions()),
        ["version"] => json!({
            "azure-cli": VERSION, "azure-cli-core": VERSION, "azure-cli-telemetry": "1.1.0", "extensions": {},
        }),
        ["account", "show"] => shown(&find(&folder, options?.subscription.as_deref())?),
        ["account", "list"] => listed(&folder),
        ["account", "set"] => return select(&folder, &options?.subscription.unwrap_or_default()),
        ["account", "get-access-token"] => token(&folder, &options?)?,
        ["logout"] => {
            std::fs::write(folder.join("azureProfile.json"), json!({"subscriptions": []}).to_string())?;
            return Ok(String::new());
        }
        words => {
            let word = words.last().copied().unwrap_or_default();
            return Err(Failure(format!("'{word}' is misspelled or not recognized by the system."), 2));
        }
    };
    match read_options(&arguments[words.len()..])?.output.as_str() {
        "none" => Ok(String::new()),
        _ => Ok(format!("{printed:#}\n")),
    }
}

fn folder() -> Result<PathBuf, Failure> {
    let named = std::env::var_os("AZURE_CONFIG_DIR").filter(|d| !d.is_empty()).map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".azure"));
    let folder = named.or_else(home).ok_or_else(|| Failure("there is no home folder".to_owned(), 1))?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn read_options(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options { output: "json".to_owned(), ..Options::default() };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let (name, inline) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (name.as_str(), None),
        };
        let mut value = || {
            let given = inline.clone().or_else(|| rest.next().cloned());
            given.ok_or_else(|| Failure(format!("argument {name}: expected one argument"), 2))
        };
        match name {
            "--subscription" | "-s" | "--name" | "-n" => options.subscription = Some(value()?),
            "--tenant" | "-t" => options.tenant = Some(value()?),
            "--scope" => options.scope = Some(value()?),
            "--resource" => options.scope = Some(format!("{}/.default", value()?)),
            "--output" | "-o" => options.output = value()?,
            "--only-show-errors" | "--all" | "--version" => {}
            other => return Err(Failure(format!("unrecognized arguments: {other}"), 2)),
        }
    }
    Ok(options)
}

fn versions() -> String {
    format!("azure-cli                         {VERSION}\n\ncore                              {VERSION}\n")
}

fn read(folder: &std::path::Path, name: &str) -> Value {
    let text = std::fs::read(folder.join(name)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or(Value::Null)
}

fn subscriptions(folder: &std::path::Path) -> Vec<Value> {
    read(folder, "azureProfile.json")["subscriptions"].as_array().cloned().unwrap_or_default()
}

fn is(subscription: &Value, wanted: &str) -> bool {
    ["id", "name"].iter().any(|n| subscription[n].as_str().is_some_and(|v| v.eq_ignore_ascii_case(wanted)))
}

/// The subscription of this ID or name, or the one in use.
fn find(folder: &std::path::Path, wanted: Option<&str>) -> Result<Value, Failure> {
    let all = subscriptions(folder);
    if all.is_empty() {
        return Err(LOGIN.to_owned().into());
    }
    let fits = |s: &&Value| wanted.map_or(s["isDefault"] == true, |wanted| is(s, wanted));
    let found: Vec<&Value> = all.iter().filter(fits).collect();
    match (found.as_slice(), wanted) {
        ([one], _) => Ok((*one).clone()),
        ([], Some(wanted)) => {
            Err(format!("Subscription '{wanted}' not found. Check the spelling and casing and try again.")
                .into())
        }
        ([], None) => {
            Err("No subscription found. Run 'az account set' to select a subscription.".to_owned().into())
        }
        (_, wanted) => Err(format!(
            "Multiple subscriptions with the name '{}' found. Specify the subscription ID.",
            wanted.unwrap_or_default()
        )
        .into()),
    }
}

fn shown(subscription: &Value) -> Value {
    json!({
        "environmentName": subscription["environmentName"],
        "homeTenantId": subscription["homeTenantId"],
        "id": subscription["id"],
        "isDefault": subscription["isDefault"],
        "managedByTenants": [],
        "name": subscription["name"],
        "state": subscription["state"],
        "tenantDefaultDomain": subscription["tenantDefaultDomain"],
        "tenantDisplayName": subscription["tenantDisplayName"],
        "tenantId": subscription["tenantId"],
        "user": subscription["user"],
    })
}

fn listed(folder: &std::path::Path) -> Value {
    let all = subscriptions(folder);
    if all.is_empty() {
        eprintln!("WARNING: Please run \"az login\" to access your accounts.");
    }
    let one = |subscription: Value| {
        json!({
            "cloudName": subscription["environmentName"],
            "homeTenantId": subscription["homeTenantId"],
            "id": subscription["id"],
            "isDefault": subscription["isDefault"],
            "managedByTenants": [],
            "name": subscription["name"],
            "state": subscription["state"],
            "tenantId": subscription["tenantId"],
            "user": subscription["user"],
        })
    };
    all.into_iter().map(one).collect()
}

fn select(folder: &std::path::Path, wanted: &str) -> Result<String, Failure> {
    let mut all = subscriptions(folder);
    let count = all.iter().filter(|s| is(s, wanted)).count();
    if count != 1 {
        let what = if count == 0 { "doesn't exist" } else { "has more than one match" };
        let wanted = wanted.to_lowercase();
        return Err(format!("The subscription of '{wanted}' {what} in cloud 'AzureCloud'.").into());
    }
    for subscription in &mut all {
        subscription["isDefault"] = json!(is(subscription, wanted));
    }
    std::fs::write(folder.join("azureProfile.json"), json!({ "subscriptions": all }).to_string())?;
    Ok(String::new())
}

fn token(folder: &std::path::Path, options: &Options) -> Result<Value, Failure> {
    if options.subscription.is_some() && options.tenant.is_some() {
        return Err("Please specify only one of subscription and tenant, not both".to_owned().into());
    }
    let account = find(folder, options.subscription.as_deref())?;
    let tenant = options.tenant.clone();
    let tenant = tenant.unwrap_or_else(|| account["tenantId"].as_str().unwrap_or_default().to_owned());
    let scope =
        options.scope.clone().unwrap_or_else(|| "https://management.core.windows.net//.default".to_owned());
    let answer = ask(&read(folder, "session.json"), &tenant, &scope)?;
    if let Some(text) = answer["error_description"].as_str() {
        return Err(format!(
            "{text}\nRun the command below to authenticate interactively; additional arguments may be added as needed:\naz logout\naz login --tenant \"{tenant}\" --scope \"{scope}\""
        )
        .into());
    }
    let lifetime = answer["expires_in"].as_i64().unwrap_or_default();
    let expires = jiff::Timestamp::now().as_second() + lifetime;
    let clock = jiff::Timestamp::from_second(expires).unwrap_or_default();
    let mut token = json!({
        "accessToken": answer["access_token"],
        "expiresOn": clock.strftime("%Y-%m-%d %H:%M:%S.000000").to_string(),
        "expires_on": expires,
    });
    // Asked for a tenant, it does not say which subscription it goes with.
    if options.tenant.is_none() {
        token["subscription"] = account["id"].clone();
    }
    token["tenant"] = json!(tenant);
    token["tokenType"] = json!("Bearer");
    Ok(token)
}

/// Trades the refresh token for an access token.
fn ask(session: &Value, tenant: &str, scope: &str) -> Result<Value, Failure> {
    let text = |name: &str| session[name].as_str().unwrap_or_default().to_owned();
    let authority = std::fs::read(text("authority_file"))?;
    let failed = |error: reqwest::Error| Failure(format!("{error:?}"), 1);
    let certificate = reqwest::Certificate::from_pem(&authority).map_err(failed)?;
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([certificate]).build().map_err(failed)?;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT),
        ("refresh_token", &text("refresh_token")),
        ("scope", scope),
    ];
    let request = http.post(format!("{}/{tenant}/oauth2/v2.0/token", text("authority"))).form(&form);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async { request.send().await?.json::<Value>().await })
        .map_err(failed)
}
