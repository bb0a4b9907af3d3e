//! The keys of Azure Arc: which file is read, and which is not.

use std::path::{Path, PathBuf};

use super::*;

/// A folder as the agent of Azure Arc has it.
struct Keys(tempfile::TempDir);

impl Keys {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(folder.folder()).unwrap();
        folder
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("tokens")
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let file = self.folder().join(name);
        std::fs::write(&file, content).unwrap();
        file
    }

    async fn token(&self, server: &Server) -> Result<Token, String> {
        let platform = Platform::AzureArc { endpoint: url(server, "/metadata/identity/oauth2/token") };
        let (mut identity, _) = identity(platform, UserAssigned::None);
        identity.key_folder = Some(self.folder());
        identity.token(&TokenRequest::new(SCOPE)).await.map_err(|error| error.to_string())
    }
}

fn challenge(file: &Path) -> Reply {
    reply(401, "").with("www-authenticate", format!("Basic realm={}", file.display()))
}

#[tokio::test]
async fn azure_arc_gets_the_key_that_it_names() {
    let keys = Keys::new();
    let file = keys.write("one.key", "k3y\n");
    let server = Server::start([challenge(&file), reply(200, TOKEN)]).await;
    assert_eq!(keys.token(&server).await.unwrap().secret.expose(), "t0ken");
    let received = server.received();
    assert_eq!(received[0].header("authorization"), None);
    assert_eq!(received[1].header("authorization"), Some("Basic k3y"));
    for request in &received {
        assert_eq!(request.header("metadata"), Some("true"));
        assert_eq!(query(request)[0].1, "2019-11-01");
    }
    let server = Server::start([challenge(&file), challenge(&file)]).await;
    let text = keys.token(&server).await.unwrap_err();
    assert!(text.contains("from Azure Arc: it does not accept the key in "), "{text}");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_file_that_is_none_of_azure_arcs_is_not_read() {
    let keys = Keys::new();
    let outside = keys.0.path().join("outside.key");
    std::fs::write(&outside, "pr1vate").unwrap();
    let inside = keys.write("one.pem", "pr1vate");
    let parent = keys.folder().join("..").join("outside.key");
    std::fs::create_dir(keys.folder().join("deeper")).unwrap();
    let deeper = keys.write("deeper/one.key", "pr1vate");
    for file in
        [&outside, &inside, &parent, &deeper, &PathBuf::from("one.key"), &PathBuf::from("/etc/passwd")]
    {
        let server = Server::start([challenge(file)]).await;
        assert_eq!(
            keys.token(&server).await.unwrap_err(),
            format!(
                "cannot get a token of the managed identity from Azure Arc: it names {:?} as its key, which was not read: its agent's keys are the files {}/*.key; something else may listen at IDENTITY_ENDPOINT",
                file.display().to_string(),
                keys.folder().display()
            )
        );
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_not_sent() {
    let keys = Keys::new();
    let long = keys.write("long.key", &"k".repeat(4097));
    let empty = keys.write("empty.key", "\n");
    let broken = keys.write("broken.key", "a\u{1}b");
    let gone = keys.folder().join("gone.key");
    std::fs::create_dir(keys.folder().join("folder.key")).unwrap();
    let folder = keys.folder().join("folder.key");
    for (file, words) in [
        (&long, "has more than 4096 bytes, and is not a key of its agent"),
        (&empty, "holds no key"),
        (&broken, "has characters that no header can carry"),
        (&gone, "cannot be read: No such file or directory"),
        (&folder, "is not a file, and was not read"),
    ] {
        let server = Server::start([challenge(file)]).await;
        let text = keys.token(&server).await.unwrap_err();
        assert!(text.contains(&format!("the key file {} {words}", file.display())), "{text}");
        assert_eq!(server.received().len(), 1);
    }
    // One byte less, and it is a key.
    let file = keys.write("fits.key", &"k".repeat(4096));
    let server = Server::start([challenge(&file), reply(200, TOKEN)]).await;
    keys.token(&server).await.unwrap();
    for header in ["Basic", "Basic realm=", "Bearer realm=/x/one.key", "Digest realm"] {
        let server = Server::start([reply(401, "").with("www-authenticate", header)]).await;
        let text = keys.token(&server).await.unwrap_err();
        assert!(
            text.ends_with("it asks for a key and names no file for it (WWW-Authenticate: Basic realm=FILE)"),
            "{text}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_the_folder_is_not_followed() {
    let keys = Keys::new();
    let outside = keys.0.path().join("outside");
    std::fs::write(&outside, "pr1vate").unwrap();
    let link = keys.folder().join("link.key");
    std::os::unix::fs::symlink(&outside, &link).unwrap();
    let server = Server::start([challenge(&link)]).await;
    let text = keys.token(&server).await.unwrap_err();
    assert!(text.contains("is not a file, and was not read"), "{text}");
}

#[tokio::test]
async fn azure_arc_has_no_user_assigned_identities() {
    let server = Server::start([]).await;
    for identity in user_assigned() {
        let text = refusal(Platform::AzureArc { endpoint: url(&server, "/") }, identity).await;
        assert!(text.contains("a machine of it has its system-assigned identity alone"), "{text}");
    }
    assert!(server.received().is_empty());
}
