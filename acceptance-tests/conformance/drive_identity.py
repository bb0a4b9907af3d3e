#!/usr/bin/env python3
"""azure-identity signs in at the emulator in every way that it knows, and asks Resource Manager with the token: what an
official client takes for the real service is as the service is. Runs inside `azureml-emulator exec`; the argument is the
folder of the stand-in for the Azure CLI, which may be left out.
"""

import contextlib
import json
import logging
import os
import sys
import tempfile
from pathlib import Path

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import (
    AzureCliCredential,
    AzurePipelinesCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)
from azure.mgmt.resource.resources import ResourceManagementClient

from client import control

URL = os.environ["AZUREML_EMULATOR_URL"]
SUBSCRIPTION = os.environ["ARM_SUBSCRIPTION_ID"]
TENANT = os.environ["ARM_TENANT_ID"]
CLIENT = os.environ["ARM_CLIENT_ID"]
# The library asks Microsoft's own hosts about any authority that it does not know.
AUTHORITY = {"authority": os.environ["AZURE_AUTHORITY_HOST"], "disable_instance_discovery": True}


@contextlib.contextmanager
def environment(variables):
    """Sets variables, and takes the platform's own ones away, for a while."""
    kept = dict(os.environ)
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET"):
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def signs_in(what, credential, client_id):
    """Holds that a credential gets in, as whom it should."""
    control("DELETE", "/requests")
    resources = ResourceManagementClient(
        credential, SUBSCRIPTION, base_url=URL, credential_scopes=["https://management.azure.com/.default"]
    )
    list(resources.resource_groups.list())
    seen = [request["client_id"] for request in control("GET", "/requests") if request["client_id"]]
    if seen != [client_id]:
        raise AssertionError(f"{what}: Resource Manager saw {seen} instead of {client_id}")
    print(f"  {what}")


def is_refused(what, code, credential):
    """Holds that a credential is refused with a code that the library understands."""
    try:
        credential.get_token("https://management.azure.com/.default")
    except (ClientAuthenticationError, HttpResponseError) as error:
        if code not in str(error):
            raise AssertionError(f"{what}: {error}") from error
        print(f"  {what}: {code}")
        return
    raise AssertionError(f"{what} was not refused")


def drive_applications(identities):
    """Secrets, certificates, and tokens of issuers."""
    main = identities["applications"][0]
    signs_in("client secret", ClientSecretCredential(TENANT, CLIENT, main["secret"], **AUTHORITY), CLIENT)
    expired = ClientSecretCredential(TENANT, CLIENT, main["expired_secret"], **AUTHORITY)
    is_refused("expired secret", "AADSTS7000222", expired)
    own = main["certificate"]
    pem = CertificateCredential(TENANT, CLIENT, own["pem_path"], **AUTHORITY)
    signs_in("certificate in a PEM file", pem, CLIENT)
    pfx = CertificateCredential(TENANT, CLIENT, own["pfx_path"], password=own["pfx_password"], **AUTHORITY)
    signs_in("certificate in a PFX file", pfx, CLIENT)
    for name in ("expired_certificate", "unregistered_certificate"):
        path = main[name]["pem_path"]
        is_refused(name, "AADSTS700027", CertificateCredential(TENANT, CLIENT, path, **AUTHORITY))
    token = identities["gitlab"]["token"]
    signs_in("token of GitLab", ClientAssertionCredential(TENANT, CLIENT, lambda: token, **AUTHORITY), CLIENT)
    other = control("POST", "/identities/gitlab/token", {"audience": "https://gitlab.com"})["token"]
    credential = ClientAssertionCredential(TENANT, CLIENT, lambda: other, **AUTHORITY)
    is_refused("token for another audience", "AADSTS700212", credential)
    aks = identities["aks"]
    workload = WorkloadIdentityCredential(
        tenant_id=TENANT, client_id=CLIENT, token_file_path=aks["token_file"], **AUTHORITY
    )
    signs_in("workload identity of AKS", workload, CLIENT)
    devops = identities["azure_devops"]
    with environment(devops["environment"]):
        pipelines = AzurePipelinesCredential(
            tenant_id=TENANT,
            client_id=CLIENT,
            service_connection_id=devops["service_connection_id"],
            system_access_token=devops["request_token"],
            **AUTHORITY,
        )
        signs_in("service connection of Azure DevOps", pipelines, CLIENT)


def drive_machines(identities):
    """The endpoints of managed identities, as far as the library lets them be elsewhere."""
    for name in ("imds", "app_service", "azure_ml", "cloud_shell"):
        part = identities[name]
        own = part.get("system_assigned", part.get("user"))["client_id"]
        with environment(part["environment"]):
            signs_in(f"{name}: the machine's own identity", ManagedIdentityCredential(), own)
        if "user_assigned" not in part:
            continue
        worker = part["user_assigned"]["client_id"]
        with environment(part["environment"]):
            credential = ManagedIdentityCredential(client_id=worker)
            signs_in(f"{name}: an assigned identity", credential, worker)


def drive_cli(identities, program):
    """The Azure CLI, by its stand-in."""
    cli = identities["cli"]
    with tempfile.TemporaryDirectory() as folder:
        profile = {
            "id": SUBSCRIPTION,
            "name": "Emulated subscription",
            "state": "Enabled",
            "isDefault": True,
            "tenantId": TENANT,
            "environmentName": "AzureCloud",
            "user": {"name": cli["user"], "type": "user"},
        }
        session = {
            "authority": cli["authority"],
            "authority_file": os.environ["SSL_CERT_FILE"],
            "refresh_token": cli["refresh_token"],
        }
        Path(folder, "azureProfile.json").write_text(json.dumps({"subscriptions": [profile]}))
        Path(folder, "session.json").write_text(json.dumps(session))
        programs = Path(folder, "programs")
        programs.mkdir()
        Path(programs, "az").symlink_to(program)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        with environment({"AZURE_CONFIG_DIR": folder, "PATH": path}):
            signs_in("Azure CLI", AzureCliCredential(), "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
            Path(folder, "azureProfile.json").write_text(json.dumps({"subscriptions": []}))
            is_refused("Azure CLI, signed out", "az login", AzureCliCredential())


def main():
    """Drives everything."""
    # The library reports refusals that are wanted here.
    logging.disable(logging.WARNING)
    identities = control("GET", "/identities")
    print("azure-identity signs in:")
    drive_applications(identities)
    drive_machines(identities)
    if len(sys.argv) > 1:
        drive_cli(identities, Path(sys.argv[1]).resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
