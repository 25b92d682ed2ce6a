//! `grunndata openapi`: the document of what would be served with this configuration. It needs no data.

use super::print;
use crate::app::App;
use crate::config::Config;
use crate::failure::Failure;

pub(super) async fn run(mut config: Config) -> Result<(), Failure> {
    let refused = |error: std::io::Error| {
        Failure::failed(
            format!("no temporary directory can be made: {error}"),
            "make room where temporary files go",
        )
    };
    let nowhere = tempfile::tempdir().map_err(refused)?;
    nowhere.path().clone_into(&mut config.data);
    config.journal.database = None;
    let document = App::open_here(config).await?.openapi();
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    print(&format!("{text}\n"))
}
