//! The directory and the identity providers of the configuration, put together with the house.

use crate::house::House;
use cairn_api::directory::{directory, issuer_of};
use cairn_api::oidc::{KnownDirectory, KnownProvider, Providers};
use cairn_commands::identity::Directory;

impl House {
    /// The directory that knows people, if one is configured. It is not asked yet.
    pub fn directory(&self) -> anyhow::Result<Option<Directory>> {
        let Some(table) = &self.config.ldap else { return Ok(None) };
        Ok(Some(directory(&table.name, table.open()?, self.ids.bytes())))
    }

    /// The identity providers that are configured. None is asked yet.
    pub async fn providers(&self) -> anyhow::Result<Providers> {
        let mut known = Vec::with_capacity(self.config.oidc.len());
        for table in &self.config.oidc {
            known.push(KnownProvider {
                name: table.name.clone(),
                title: table.title().to_owned(),
                issuer: table.issuer.clone(),
                provider: table.open(&self.config.base_url, self.outgoing()?)?,
                staff_groups: table.staff_groups.clone(),
                trusted_groups: table.trusted_groups.clone(),
                registers: table.registers,
            });
        }
        let directory = self
            .config
            .ldap
            .as_ref()
            .map(|table| KnownDirectory { title: table.title().to_owned(), issuer: issuer_of(&table.name) });
        Ok(Providers::open(known, &self.db, &*self.clock, &self.ids).await?.beside(directory))
    }
}
