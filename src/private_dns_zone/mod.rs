//! `azureml_private_dns_zone`: names that only linked virtual networks resolve.
//!
//! `model` declares the attributes; `delete` is what differs from the common life.

mod delete;
mod model;

use arm::{ResourceId, private_dns};
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Diagnostics, Value};

use crate::call::Call;
use crate::kind::Kind;
use crate::life::{Managed, Reference};
use crate::thing::{self, Thing, Unnamed, Words};

pub(crate) use model::PrivateDnsZone;

impl Thing for PrivateDnsZone {
    const WORDS: Words =
        Words { type_name: "azureml_private_dns_zone", noun: "private DNS zone", title: "Private DNS Zone" };
    const KIND: Kind = Kind::PrivateDnsZone;
    const API_VERSION: &'static str = private_dns::API_VERSION;
    const RETRY_CODES: &'static [&'static str] = private_dns::BUSY;
    const CREATE_ONLY: bool = true;
    const LOCATION: Option<&'static str> = Some(private_dns::LOCATION);

    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed> {
        thing::in_group(object, subscription, ResourceId::private_dns_zone)
    }
}

impl Managed for PrivateDnsZone {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(30, 5, 30, 30);
    const REFERENCES: &'static [Reference] = &[Reference::GROUP];

    async fn delete(call: &Call<Self>, state: Self) -> Result<(), Diagnostics> {
        delete::delete(call, state).await
    }
}
