//! What the command line takes, and that it teaches.

use clap::CommandFactory;

use super::*;

#[test]
fn the_command_line_is_consistent_and_every_command_has_examples() {
    Cli::command().debug_assert();
    for command in Cli::command().get_subcommands() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.contains("Examples:"), "{} teaches nothing", command.get_name());
        assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
        for inner in command.get_subcommands() {
            let help = inner.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Examples:"), "{} teaches nothing", inner.get_name());
        }
    }
}

#[test]
fn flags_become_settings() {
    let cli =
        Cli::parse_from(["grunndata", "serve", "--listen", "[::1]:1", "--data", "d", "--set", "a.b=c=d"]);
    let flags = cli.config_flags().unwrap();
    let expected =
        [("a.b", "c=d", "--set a.b"), ("data", "d", "--data"), ("server.listen", "[::1]:1", "--listen")];
    let expected: Vec<_> = expected.iter().map(|(a, b, c)| ((*a).into(), (*b).into(), (*c).into())).collect();
    assert_eq!(flags.values, expected);
    assert!(Cli::parse_from(["grunndata", "verify", "--set", "a"]).config_flags().is_err());
}
