//! Where a play takes place: an Azure with what workspaces need, and the provider's program.

use acceptance_tests::plugin::Program;
use acceptance_tests::{Dependents, Emulator, Provider};

use crate::plays::Play;

/// An Azure and a provider.
pub(crate) struct World {
    pub(crate) azure: Emulator,
    pub(crate) dependents: Dependents,
    pub(crate) program: Program,
}

impl World {
    /// The resource group that exists.
    pub(crate) const GROUP: &str = "world-rg";

    /// One with what a play needs.
    pub(crate) fn of(play: &Play) -> Self {
        let azure = Emulator::start();
        let dependents = azure.seed_dependents(Self::GROUP, "world");
        let program = Program::in_azure(&Provider::azureml(), &azure);
        let world = Self { azure, dependents, program };
        (play.prepare)(&world);
        world.azure.forget();
        world
    }

    /// The ID of something in the group.
    pub(crate) fn id_of(rest: &str) -> String {
        let (subscription, group) = (Emulator::SUBSCRIPTION, Self::GROUP);
        format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{rest}")
    }
}
