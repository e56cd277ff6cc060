//! Which generations there are: a new one is built beside the live one, takes its place in one transaction,
//! and the rows of the old one are thrown away.
//!
//! Generations of code version v are numbered from v · 1000 on, so that both a new program and a rebuild by
//! hand make a higher number.

use crate::Name;
use crate::runner::Tools;
use cairn_store::{Result, Status, StoreError, Subscription};

/// How many times one code version can be rebuilt.
const PER_CODE_VERSION: u32 = 1000;

/// The generations of a projection that are not retired, oldest first.
pub(crate) async fn in_use(tools: &Tools, name: Name) -> Result<Vec<Subscription>> {
    let all = all(tools, name).await?;
    Ok(all.into_iter().filter(|subscription| subscription.status != Status::Retired).collect())
}

async fn all(tools: &Tools, name: Name) -> Result<Vec<Subscription>> {
    let all = tools.subscriptions.list().await?;
    Ok(all.into_iter().filter(|subscription| subscription.name == name.as_str()).collect())
}

/// Whether queries are answered from it.
pub(crate) fn answers(subscription: &Subscription) -> bool {
    subscription.status == Status::Live || subscription.resumes_as == Some(Status::Live)
}

/// Makes sure that this program's generation is there: live at once in an empty database, otherwise building.
/// A database that a newer program has moved on is left as it is.
pub(crate) async fn prepare(tools: &Tools, name: Name) -> Result<()> {
    let wanted = name.code_version() * PER_CODE_VERSION;
    let all = all(tools, name).await?;
    if !all.iter().any(|subscription| subscription.generation >= wanted) {
        tools.subscriptions.ensure(name.as_str(), wanted, name.log()).await?;
    }
    let in_use = in_use(tools, name).await?;
    if !in_use.iter().any(answers)
        && let Some(first) = in_use.first()
    {
        go_live(tools, name, first.generation).await?;
    }
    Ok(())
}

/// Makes a further generation of the same code, building.
pub(crate) async fn add(tools: &Tools, name: Name) -> Result<u32> {
    let newest = all(tools, name).await?.iter().map(|subscription| subscription.generation).max();
    let next = newest.map_or(name.code_version() * PER_CODE_VERSION, |newest| newest + 1);
    tools.subscriptions.ensure(name.as_str(), next, name.log()).await?;
    Ok(next)
}

/// Puts a generation in place of the live one, and answers whether that was done. It is not if the live one
/// has read more by now, or another worker did it first.
pub(crate) async fn go_live(tools: &Tools, name: Name, generation: u32) -> Result<bool> {
    match tools.subscriptions.go_live(name.as_str(), generation).await {
        Ok(()) => {
            tracing::info!(projection = %name, generation, "{name} is answered from generation {generation} now");
            Ok(true)
        }
        Err(StoreError::NoSubscription { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Throws the rows of retired generations away. Nobody writes them any more, and who still reads them sees
/// the state of before.
pub(crate) async fn purge_retired(tools: &Tools, name: Name) -> Result<()> {
    for subscription in all(tools, name).await?.iter().filter(|it| it.status == Status::Retired) {
        for table in name.tables() {
            table.purge(&tools.db, subscription.generation.into()).await?;
        }
    }
    Ok(())
}
