//! What a workspace says about itself to the common life.

use arm::machine_learning::{self, is_tombstone};
use arm::{Error, Request, ResourceId};
use serde_json::Value as Json;
use tfplugin::{Diagnostic, Value};

use crate::document::Misfits;
use crate::kind::Kind;
use crate::thing::{self, Thing, Unnamed, Words};
use crate::view;
use crate::workspace::model::Workspace;
use crate::workspace::{create, document, messages};

impl Thing for Workspace {
    const WORDS: Words = Words { type_name: "azureml_workspace", noun: "workspace", title: "Workspace" };
    const KIND: Kind = Kind::Workspace;
    const API_VERSION: &'static str = machine_learning::API_VERSION;

    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed> {
        thing::in_group(object, subscription, ResourceId::workspace)
    }

    fn create_body(planned: &Value) -> Json {
        document::create_body(planned)
    }

    fn change(prior: &Value, planned: &Value) -> Option<Json> {
        document::patch_body(prior, planned)
    }

    fn read(document: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
        document::read(document, prior, first, misfits)
    }

    /// Softly, so that the service keeps it and its name for 14 days, or for good.
    fn removal(id: &ResourceId, state: &Value) -> Request {
        if view::is_true(state, &["purge_on_destroy"]) {
            create::purging(id)
        } else {
            Request::delete(id, Self::API_VERSION)
        }
    }

    fn refused(id: &ResourceId, error: &Error, _: &str) -> Option<Diagnostic> {
        is_tombstone(error).then(|| messages::tombstone(id, error))
    }
}
