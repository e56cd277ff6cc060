//! A private PostgreSQL for tests, from installed binaries, where no server runs.
//!
//! All test processes of a user share one. Each holds a shared lock on `users.lock` as long as it lives; a
//! shell beside the server tries every 20 s to take that lock for itself alone, and stops the server when it
//! gets it.

use super::databases::answers;
use super::env;
use sqlx::postgres::PgConnectOptions;
use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Released by the system when the process ends, however it ends.
static USING: OnceLock<File> = OnceLock::new();

/// The shared cluster, started if it does not run, or why there is none.
pub(super) async fn shared() -> Result<PgConnectOptions, String> {
    let cluster = Cluster::find(&std::env::temp_dir())?;
    cluster.make_folder().map_err(|error| format!("{}: {error}", cluster.folder.display()))?;
    let starting = cluster.lock_file("start.lock").map_err(|error| error.to_string())?;
    starting.lock().map_err(|error| error.to_string())?;
    if USING.get().is_none() {
        let using = cluster.lock_file("users.lock").map_err(|error| error.to_string())?;
        using.lock_shared().map_err(|error| error.to_string())?;
        USING.set(using).map_err(|_| "two threads start the cluster at once".to_owned())?;
    }
    if let Some(running) = cluster.address()
        && answers(&running).await
    {
        return Ok(running);
    }
    let started = cluster.start()?;
    cluster.stop_when_unused().map_err(|error| error.to_string())?;
    Ok(started)
}

struct Cluster {
    folder: PathBuf,
    binaries: PathBuf,
    /// Who runs the server, when we are root: PostgreSQL refuses to run as root.
    user: Option<(u32, u32)>,
}

impl Cluster {
    fn find(below: &Path) -> Result<Self, String> {
        let binaries = binaries().ok_or("no server answers on 127.0.0.1:5432, and no initdb is installed")?;
        let me = fs::metadata("/proc/self").map_err(|error| format!("/proc/self: {error}"))?.uid();
        let user = match me {
            0 => Some(postgres_user().ok_or("root cannot run PostgreSQL, and there is no user postgres")?),
            _ => None,
        };
        Ok(Self { folder: below.join(format!("cairn-test-postgres-{me}")), binaries, user })
    }

    fn make_folder(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o755))?;
        self.user.map_or(Ok(()), |(user, group)| chown(&self.folder, Some(user), Some(group)))
    }

    fn lock_file(&self, name: &str) -> io::Result<File> {
        File::options().create(true).append(true).open(self.folder.join(name))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where the server is, if one was started.
    fn address(&self) -> Option<PgConnectOptions> {
        let port = fs::read_to_string(self.folder.join("port")).ok()?.parse().ok()?;
        Some(
            PgConnectOptions::new_without_pgpass()
                .host("127.0.0.1")
                .port(port)
                .username("postgres")
                .database("postgres"),
        )
    }

    /// Makes a new cluster, in place of what an earlier one left, and starts it.
    fn start(&self) -> Result<PgConnectOptions, String> {
        let data = self.data();
        let _ = fs::remove_dir_all(&data);
        let settings = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"];
        self.run(self.command("initdb").arg("--pgdata").arg(&data).args(settings))?;
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        // Nothing here outlives the tests, so it need not reach the disk.
        let options =
            format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off");
        let log = self.folder.join("log");
        self.run(
            self.command("pg_ctl")
                .arg("-D")
                .arg(&data)
                .arg("-l")
                .arg(log)
                .args(["-o", &options, "-w", "start"]),
        )?;
        fs::write(self.folder.join("port"), port.to_string()).map_err(|error| error.to_string())?;
        self.address().ok_or_else(|| "the port was just written".into())
    }

    fn stop_when_unused(&self) -> io::Result<()> {
        let script = r#"while sleep 20; do flock --nonblock --exclusive "$1/users.lock" "$2" -D "$1/data" -m immediate stop && exit; done"#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).arg(&self.folder).arg(self.binaries.join("pg_ctl"));
        self.as_user(&mut shell).process_group(0).spawn().map(drop)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        self.as_user(&mut command);
        command
    }

    fn as_user<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
    }

    fn run(&self, command: &mut Command) -> Result<(), String> {
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{command:?}: {status}; see {}", self.folder.join("log").display())),
            Err(error) => Err(format!("{command:?}: {error}")),
        }
    }
}

/// The folder with initdb: `PG_BIN`, then `PATH`, then where Debian puts it, the newest version first.
fn binaries() -> Option<PathBuf> {
    let named = env("PG_BIN").into_iter().map(PathBuf::from);
    let path = env("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    named.chain(on_path).chain(debians()).find(|folder| folder.join("initdb").is_file())
}

fn debians() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// User and group of `postgres`.
fn postgres_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_private_cluster_starts_and_stops() {
        let below = tempfile::tempdir().unwrap();
        fs::set_permissions(below.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let cluster = match Cluster::find(below.path()) {
            Ok(cluster) => cluster,
            Err(reason) => return super::super::skip(&reason),
        };
        cluster.make_folder().unwrap();
        let server = cluster.start().unwrap();
        let answered = answers(&server).await;
        let again = cluster.address().is_some();
        cluster
            .run(cluster.command("pg_ctl").arg("-D").arg(cluster.data()).args(["-m", "immediate", "stop"]))
            .unwrap();
        assert!(answered && again);
        assert!(!answers(&server).await);
    }
}
