//! A directory: OpenLDAP's slapd with a few people and groups.

use super::authority::Authority;
use super::process::{NotInstalled, Running, free_ports};
use crate::ldap::{Bind, DirectorySettings, People};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const SLAPD: &str = "/usr/sbin/slapd";
const SLAPADD: &str = "/usr/sbin/slapadd";
const SCHEMA: &str = "/etc/ldap/schema";
const MODULES: &str = "/usr/lib/ldap";

/// The people and groups that are in it: `slapd.ldif`, beside this file.
const ENTRIES: &str = include_str!("slapd.ldif");

/// A directory of `dc=osgeo,dc=org` on ports of 127.0.0.1, with a certificate for `localhost` by an authority of its own. Gone
/// when dropped.
///
/// In it are, each with the password `NAME's password`: `ann` (of `qgis staff`), `ben` (of `qgis trusted`), `cat` (of
/// both), `dan` (of none, without mail), and others with names that need care. The account for Cairn is
/// [`Slapd::READER`]. Groups are in the attribute `memberOf` too.
#[derive(Debug)]
pub struct Slapd {
    folder: TempDir,
    authority: Authority,
    port: u16,
    tls_port: u16,
    running: Option<Running>,
}

impl Slapd {
    /// Below it are the people.
    pub const PEOPLE: &str = "ou=people,dc=osgeo,dc=org";
    /// Below it are the groups.
    pub const GROUPS: &str = "ou=groups,dc=osgeo,dc=org";
    /// Its members are meant to be staff.
    pub const STAFF: &str = "cn=qgis staff,ou=groups,dc=osgeo,dc=org";
    /// Its members are meant to be trusted.
    pub const TRUSTED: &str = "cn=qgis trusted,ou=groups,dc=osgeo,dc=org";
    /// Below it are groups that only [`Slapd::READER`] may read.
    pub const HIDDEN: &str = "ou=hidden,dc=osgeo,dc=org";
    /// One of those, of `dan`.
    pub const KEEPERS: &str = "cn=qgis keepers,ou=hidden,dc=osgeo,dc=org";
    /// Who may read all of it, by the password [`Slapd::READER_PASSWORD`].
    pub const READER: &str = "cn=cairn,dc=osgeo,dc=org";
    /// The password of [`Slapd::READER`].
    pub const READER_PASSWORD: &str = "reader's password";

    /// Starts it, and returns when it answers.
    ///
    /// Panics when slapd is installed and does not start.
    pub fn start() -> Result<Self, NotInstalled> {
        for needed in [SLAPD, SLAPADD, SCHEMA, MODULES] {
            if !Path::new(needed).exists() {
                return Err(NotInstalled(format!("{needed} is missing; on Debian the package slapd has it")));
            }
        }
        let folder = tempfile::tempdir().expect("the system gives a folder for temporary files");
        let authority = Authority::new(folder.path(), "authority");
        let [port, tls_port] = free_ports();
        let mut slapd = Self { folder, authority, port, tls_port, running: None };
        slapd.fill();
        slapd.restart();
        Ok(slapd)
    }

    /// The password of a person.
    pub fn password(name: &str) -> String {
        format!("{name}'s password")
    }

    /// Ends it at once, as when its machine fails.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Starts it again, on the same ports and with what is in it.
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new(SLAPD);
        command.args(["-d", "stats", "-f"]).arg(self.configuration()).arg("-h");
        command.arg(format!("ldap://127.0.0.1:{}/ ldaps://127.0.0.1:{}/", self.port, self.tls_port));
        let ports = [self.port, self.tls_port];
        self.running = Some(Running::start(&mut command, &ports, &self.log_file()));
    }

    /// What it has written since it was started: a line for each connection, request and answer.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).expect("it was started")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("slapd.txt")
    }

    /// Where it is without TLS from the start, by the name that its certificate has.
    pub fn url(&self) -> String {
        format!("ldap://localhost:{}", self.port)
    }

    /// Where it is with TLS from the start, by the name that its certificate has.
    pub fn tls_url(&self) -> String {
        format!("ldaps://localhost:{}", self.tls_port)
    }

    /// The certificate of its authority.
    pub fn ca_file(&self) -> PathBuf {
        self.authority.file().to_owned()
    }

    /// Settings that find its people by their names in a template, over StartTLS.
    pub fn by_template(&self) -> DirectorySettings {
        self.settings(People::Template(format!("uid={{name}},{}", Self::PEOPLE)))
    }

    /// Settings that find its people by looking for them, over StartTLS.
    pub fn by_search(&self) -> DirectorySettings {
        let bind = Bind { dn: Self::READER.into(), password: Self::READER_PASSWORD.into() };
        self.settings(People::Search {
            bind: Some(bind),
            base: Self::PEOPLE.into(),
            user_filter: "(uid={name})".into(),
        })
    }

    fn settings(&self, people: People) -> DirectorySettings {
        let url = self.url().parse().expect("an address");
        let mut settings = DirectorySettings::new(url, people);
        settings.ca_file = Some(self.ca_file());
        settings.groups.staff = vec![Self::STAFF.into()];
        settings.groups.trusted = vec![Self::TRUSTED.into()];
        settings
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("slapd.conf")
    }

    /// Writes the configuration, and the entries into a new database.
    fn fill(&self) {
        let folder = self.folder.path();
        let certificate = self.authority.certificate("localhost");
        let database = folder.join("database");
        std::fs::create_dir(&database).expect("the folder of a test takes folders");
        let text = format!(
            "include {SCHEMA}/core.schema\n\
             include {SCHEMA}/cosine.schema\n\
             include {SCHEMA}/inetorgperson.schema\n\
             modulepath {MODULES}\n\
             moduleload back_mdb\n\
             moduleload memberof\n\
             pidfile {folder}/slapd.pid\n\
             TLSCertificateFile {certificate}\n\
             TLSCertificateKeyFile {key}\n\
             TLSVerifyClient never\n\
             database mdb\n\
             maxsize 16777216\n\
             suffix \"dc=osgeo,dc=org\"\n\
             directory {database}\n\
             overlay memberof\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to dn.subtree=\"{hidden}\" by dn.exact=\"{reader}\" read by * none\n\
             access to * by dn.exact=\"{reader}\" read by users read by * none\n",
            folder = folder.display(),
            certificate = certificate.certificate.display(),
            key = certificate.key.display(),
            database = database.display(),
            hidden = Self::HIDDEN,
            reader = Self::READER,
        );
        std::fs::write(self.configuration(), text).expect("the folder of a test takes files");
        let entries = folder.join("entries.ldif");
        std::fs::write(&entries, ENTRIES).expect("the folder of a test takes files");
        let filled =
            Command::new(SLAPADD).arg("-f").arg(self.configuration()).arg("-l").arg(&entries).output();
        let filled = filled.expect("slapadd runs");
        assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    }
}
