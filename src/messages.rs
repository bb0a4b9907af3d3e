//! What a user reads about any resource beyond Azure's own words.

use arm::{Error, ResourceId};
use tfplugin::Diagnostic;

use crate::diagnostics;
use crate::thing::Words;

/// A headline: `Workspace Not Created`.
pub(crate) fn title(words: &Words, what: &str) -> String {
    format!("{} {what}", words.title)
}

/// A resource could not be created.
pub(crate) fn not_created(words: &Words, error: &Error) -> Diagnostic {
    diagnostics::failure(&title(words, "Not Created"), error)
}

/// A create would overwrite what exists.
pub(crate) fn exists_already(words: &Words, id: &ResourceId) -> Diagnostic {
    let (one, noun, type_name) = (words.one_first(), words.noun, words.type_name);
    let detail = format!(
        "{one} with this ID exists already, and creating it would overwrite its settings. To manage it here, import it, with the address of this resource:\n\nimport {{\n  to = {type_name}.example\n  id = \"{id}\"\n}}\n\nTo have another {noun}, choose another name."
    );
    Diagnostic::error(title(words, "Exists Already"), detail).at("name")
}

/// No subscription is configured anywhere.
pub(crate) fn no_subscription() -> Diagnostic {
    let detail =
        "Set subscription_id here or in the provider block, or ARM_SUBSCRIPTION_ID in the environment.";
    Diagnostic::error("No Subscription", detail).at("subscription_id")
}

/// The call ended before there was a way to Azure. Nothing was changed.
pub(crate) fn not_connected(ended: tfplugin::Ended) -> Diagnostic {
    let detail = format!("While connecting to Azure, {ended}. Nothing was changed.");
    Diagnostic::error("Not Connected to Azure", detail)
}

/// The group whose location the resource would take does not exist.
pub(crate) fn no_group(group: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The resource group {:?} does not exist in subscription {}. Create it first, or correct its name or the subscription. Where it is in this configuration, refer to its name (resource_group_name = azureml_resource_group.example.name), so that it comes first by itself.",
        group.name(),
        group.subscription_id().unwrap_or_default()
    );
    Diagnostic::error("Resource Group Not Found", detail).at("resource_group_name")
}

/// The user interrupted a create that Azure had accepted.
pub(crate) fn create_interrupted(words: &Words, id: &ResourceId) -> Diagnostic {
    let noun = words.noun;
    let detail = format!(
        "Azure had accepted the creation and goes on with it. The state has the {noun} already; the next plan or apply waits for it and reads what became of it.\n\n{id}"
    );
    Diagnostic::warning("Creation Interrupted", detail)
}

/// The user interrupted a create of which nothing can be seen.
pub(crate) fn create_interrupted_early(words: &Words, id: &ResourceId) -> Diagnostic {
    let noun = words.noun;
    let detail = format!(
        "The creation was interrupted before Azure showed the {noun}. Should it appear nevertheless, the next apply says how to import it.\n\n{id}"
    );
    Diagnostic::error("Creation Interrupted", detail)
}

/// A create was sent, and what has become of it did not come back.
pub(crate) fn create_unanswered(words: &Words, id: &ResourceId, error: &Error) -> Diagnostic {
    let (noun, azure) = (words.noun, diagnostics::account(error));
    let detail = format!(
        "{azure}\n\nThe creation may have been carried out nevertheless. Apply again: should the {noun} be there by then, you read how to import it.\n\n{id}"
    );
    Diagnostic::error(title(words, "Not Created"), detail)
}

/// A create was accepted, and what has become of it cannot be read.
pub(crate) fn create_unseen(words: &Words, id: &ResourceId, error: &Error) -> Diagnostic {
    let (noun, azure) = (words.noun, diagnostics::account(error));
    let detail = format!(
        "Azure had accepted the creation, but what has become of it cannot be read now. The state has the {noun}; the next plan or apply waits for it and reads what became of it.\n\n{azure}\n\n{id}"
    );
    Diagnostic::warning(title(words, "Not Seen Yet"), detail)
}

/// The time for a create passed while Azure was still working.
pub(crate) fn create_timed_out(words: &Words, id: &ResourceId, error: &Error) -> Diagnostic {
    let (noun, azure) = (words.noun, diagnostics::account(error));
    let detail = format!(
        "Azure goes on with the creation. The state has the {noun}, marked as tainted, so that the next apply would replace it. If it comes up in the meantime and you want to keep it, run \"terraform untaint\" (\"tofu untaint\") with its address; the next plan then reads what became of it.\n\n{azure}\n\n{id}"
    );
    Diagnostic::error(title(words, "Not Ready in Time"), detail)
}

/// Azure accepted a create and then failed; something is left.
pub(crate) fn create_left_something(words: &Words, mut diagnostic: Diagnostic) -> Diagnostic {
    let noun = words.noun;
    diagnostic.detail.push_str(&format!(
        "\n\nA failed {noun} is left in Azure. The state has it, marked as tainted: the next apply deletes it before it tries again."
    ));
    diagnostic
}

/// Azure ended a create with a resource in a state other than good.
pub(crate) fn created_unusable(words: &Words, state: &str) -> Diagnostic {
    let noun = words.noun;
    let detail = format!(
        "Azure's creation of the {noun} ended with the state {state:?}. The state has it, marked as tainted: the next apply deletes it before it tries again."
    );
    Diagnostic::error(title(words, "Not Created"), detail)
}

/// What gets past an answer that says nothing about the resource.
pub(crate) fn not_believed(words: &Words, mut diagnostic: Diagnostic) -> Diagnostic {
    let noun = words.noun;
    diagnostic.detail.push_str(&format!(
        "\n\nThis answer says nothing about the {noun}, so the state keeps it, and nothing was changed. A proxy, a gateway or a sign-in page between this machine and Azure can answer so: look there, and try again. To plan or destroy without reading it first, use -refresh=false. If the {noun} is certainly gone, remove it from the state: \"terraform state rm\" (\"tofu state rm\") with its address."
    ));
    diagnostic
}

/// What became of a create that was interrupted earlier: a failure.
pub(crate) fn interrupted_and_failed(words: &Words, id: &str, state: &str) -> Diagnostic {
    let detail = format!(
        "Its creation was interrupted earlier and has since ended with the state {state:?}. To create it anew, run apply with \"-replace\" and its address, or delete it.\n\n{id}"
    );
    Diagnostic::warning(title(words, "Is Not Usable"), detail)
}

/// What became of a create that was interrupted earlier is not decided yet.
pub(crate) fn still_creating(words: &Words, id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Its creation was interrupted earlier, and Azure still works on it. What is shown may be incomplete until a later refresh.\n\n{id}"
    );
    Diagnostic::warning(title(words, "Is Still Being Created"), detail)
}

/// The last thing that Azure did to the resource failed.
pub(crate) fn failed_before(words: &Words, id: &str, state: &str) -> Diagnostic {
    let noun = words.noun;
    let detail = format!(
        "The last operation on the {noun} ended in state {state:?}. The next successful update fixes this: apply a change of it, such as of a tag, or run \"az resource update --ids {id} --set tags.fixed=true\".\n\n{id}"
    );
    Diagnostic::warning(title(words, "Is in a Failed State"), detail)
}

/// Something has deleted the resource, and Azure is not done with it.
pub(crate) fn still_deleting(words: &Words, id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure still works on its deletion. A later refresh sees whether it is gone; a change would be refused until then.\n\n{id}"
    );
    Diagnostic::warning(title(words, "Is Being Deleted"), detail)
}

/// The user interrupted an update that Azure had accepted.
pub(crate) fn update_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure had accepted the change and goes on with it. The next plan reads what became of it.\n\n{id}"
    );
    Diagnostic::warning("Update Interrupted", detail)
}

/// The user interrupted a delete that Azure had accepted.
pub(crate) fn delete_interrupted(words: &Words, id: &ResourceId) -> Diagnostic {
    let noun = words.noun;
    let detail = format!(
        "Azure had accepted the deletion and goes on with it. The state has the {noun} still; the next plan or apply sees whether it is gone.\n\n{id}"
    );
    Diagnostic::error("Deletion Interrupted", detail)
}

/// The user interrupted a delete that Azure had not answered.
pub(crate) fn delete_interrupted_early(words: &Words, id: &ResourceId) -> Diagnostic {
    let noun = words.noun;
    let detail = format!(
        "The deletion was interrupted before Azure answered, so it may have begun or not. The state has the {noun} still; the next plan or apply sees whether it is there.\n\n{id}"
    );
    Diagnostic::error("Deletion Interrupted", detail)
}
