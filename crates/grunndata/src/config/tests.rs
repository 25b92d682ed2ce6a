use super::*;
use crate::failure::Exit;

fn defaults() -> Settings {
    Settings::defaults().unwrap()
}

#[test]
fn the_compiled_in_defaults_are_a_valid_configuration() {
    let config = check(&defaults()).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.enhetsregisteret.prefix.as_str(), "/enhetsregisteret/api");
    assert!(config.server.public_url.is_none());
}

#[test]
fn file_gives_way_to_environment_and_environment_to_flags() {
    let mut s = defaults();
    s.lay_file("data = \"a\"\n[server]\nlisten = \"1.1.1.1:1\"\ntidsgrense_s = 7\n", Path::new("g.toml"))
        .unwrap();
    let variables =
        [("GRUNNDATA_DATA".into(), "b".into()), ("GRUNNDATA_SERVER_LISTEN".into(), "2.2.2.2:2".into())];
    s.lay_environment(&variables).unwrap();
    s.lay_flag("server.listen", "3.3.3.3:3", "--listen".into()).unwrap();
    let config = check(&s).unwrap();
    assert_eq!(config.server.listen.to_string(), "3.3.3.3:3");
    assert_eq!(config.data, PathBuf::from("b"));
    assert_eq!(config.server.request_timeout, Duration::from_secs(7));
    assert_eq!(s.get("server.tidsgrense_s").unwrap().origin, Origin::File("g.toml".into(), 4));
}

#[test]
fn unknown_keys_are_errors_with_file_line_and_suggestion() {
    let error = defaults().lay_file("\n[server]\nlisen = \"x\"\n", Path::new("g.toml")).unwrap_err();
    assert_eq!(error.exit, Exit::Usage);
    assert_eq!(error.message, "server.lisen is not a setting (from g.toml line 3)");
    assert!(error.hint.starts_with("did you mean server.listen?"), "{}", error.hint);

    let error =
        defaults().lay_environment(&[("GRUNNDATA_SERVER_LISTENS".into(), String::new())]).unwrap_err();
    assert!(error.hint.starts_with("did you mean GRUNNDATA_SERVER_LISTEN?"), "{}", error.hint);

    let error = defaults().lay_flag("qqqq", "1", "--set qqqq=1".into()).unwrap_err();
    assert!(!error.hint.contains("did you mean"), "{}", error.hint);
}

#[test]
fn wrong_types_and_values_name_key_value_and_origin() {
    let error = defaults().lay_file("[server]\ntidsgrense_s = \"tolv\"\n", Path::new("g.toml")).unwrap_err();
    assert_eq!(error.message, "server.tidsgrense_s = \"tolv\" is not a whole number (from g.toml line 2)");

    for (key, bad) in [
        ("data", ""),
        ("server.listen", "8080"),
        ("server.offentlig_url", "data.example.no"),
        ("server.offentlig_url", "https://data.example.no?x=1"),
        ("server.offentlig_url", "https://data.example.no:99999"),
        ("enhetsregisteret.lastned", "ukentlig"),
        ("enhetsregisteret.lastned_kl", "4:30"),
        ("server.tidsgrense_s", "0"),
        ("server.kropp_maks_byte", "-1"),
        ("server.samtidige_maks", "100001"),
        ("logg.nivaa", "info,=,="),
        ("logg.format", "xml"),
        ("enhetsregisteret.prefiks", "/"),
        ("enhetsregisteret.prefiks", "/docs/api"),
        ("enhetsregisteret.prefiks", "/a//b"),
        ("enhetsregisteret.prefiks", "/a/{b}"),
        ("enhetsregisteret.utvidet_prefiks", "/enhetsregisteret/api/"),
        ("enhetsregisteret.ukjente_parametere", "kanskje"),
        ("sok.skriveminne_mb", "14"),
        ("journal.database", "mysql://db/grunndata"),
        ("journal.database_les", "postgres://db/g?sslmode=prefer"),
        ("journal.tilkoblinger", "0"),
    ] {
        let mut s = defaults();
        s.lay_flag(key, bad, format!("--set {key}={bad}")).unwrap();
        let error = check(&s).unwrap_err();
        assert!(error.message.starts_with(&format!("{key} = ")), "{}", error.message);
        assert!(error.message.contains(bad) && error.message.contains("--set"), "{}", error.message);
    }
}

#[test]
fn forwarded_headers_are_believed_where_only_this_machine_gets_in() {
    let believed = |listen: &str, word: &str| {
        let mut s = defaults();
        s.lay_flag("server.listen", listen, "--listen".into()).unwrap();
        s.lay_flag("server.stol_paa_videresendte", word, "--set".into()).unwrap();
        check(&s).unwrap().server.trust_forwarded
    };
    assert!(believed("127.0.0.1:1", "lokalt") && believed("[::1]:1", "lokalt"));
    assert!(!believed("0.0.0.0:1", "lokalt") && believed("0.0.0.0:1", "alltid"));
    assert!(!believed("127.0.0.1:1", "aldri"));
}

/// An address with a password in it is refused without the password.
#[test]
fn what_is_refused_does_not_show_a_password() {
    for key in ["server.offentlig_url", "journal.database"] {
        let mut s = defaults();
        s.lay_flag(key, "https://bruker:hemmelig@data.example.no", format!("--set {key}")).unwrap();
        let error = check(&s).unwrap_err();
        assert!(
            error.message.starts_with(&format!("{key} = \"https://***@data.example.no\"")),
            "{}",
            error.message
        );
        assert!(!error.to_string().contains("hemmelig"));
    }
}

#[test]
fn secrets_are_masked() {
    let setting =
        |key: &str| Setting { key: key.into(), value: Value::Text("abc".into()), origin: Origin::Default };
    assert_eq!(setting("journal.passord").shown(), "\"***\"");
    assert_eq!(setting("journal.sti").shown(), "\"abc\"");
    let mut database = setting("journal.database");
    for (given, shown) in [
        (
            "postgres://bruker:hemmelig@db:5432/g?sslmode=disable",
            "\"postgres://***@db:5432/g?sslmode=disable\"",
        ),
        ("postgres://bruker:hemm@elig@db/g", "\"postgres://***@db/g\""),
        ("postgres://db/g?password=hemmelig", "\"postgres://db/g?***\""),
        ("feil://bruker:hemmelig@db", "\"feil://***@db\""),
    ] {
        database.value = Value::Text(given.into());
        assert_eq!(database.shown(), shown);
    }
}

#[test]
fn base_urls_keep_their_path_and_lose_their_slash() {
    for good in ["http://localhost:8080", "https://[::1]:8443", "https://data.example.no/speil"] {
        assert_eq!(BaseUrl::parse(&format!("{good}/")).unwrap().as_str(), good);
    }
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    let error = defaults().lay_file("data = \"a\"\nlisten 8080\n", Path::new("g.toml")).unwrap_err();
    assert!(error.message.starts_with("g.toml line 2: "), "{}", error.message);
    let error = defaults().lay_file("data = [1]\n", Path::new("g.toml")).unwrap_err();
    assert!(error.message.starts_with("g.toml line 1: data cannot hold"), "{}", error.message);
}

#[test]
fn the_effective_configuration_is_itself_a_configuration() {
    let mut s = defaults();
    s.lay_flag("server.listen", "[::1]:9", "--listen".into()).unwrap();
    s.lay_flag("data", "C:\\a \"b\"", "--data".into()).unwrap();
    let text = effective(&s);
    assert!(text.contains("listen = \"[::1]:9\"  # flag --listen"), "{text}");
    let mut again = defaults();
    again.lay_file(&text, Path::new("e.toml")).unwrap();
    for (a, b) in s.all().iter().zip(again.all()) {
        assert_eq!((&a.key, &a.value), (&b.key, &b.value));
    }
}

/// Every key of the file is read by [`check`]: a wrong value for it is noticed, or it changes the result.
#[test]
fn no_key_of_the_default_file_is_dead() {
    let before = format!("{:?}", check(&defaults()).unwrap());
    for setting in defaults().all() {
        let mut s = defaults();
        let other = match &setting.value {
            Value::Text(_) => "annet".to_owned(),
            Value::Whole(n) => (n + 1).to_string(),
            Value::Truth(t) => (!t).to_string(),
        };
        s.lay_flag(&setting.key, &other, "--set".into()).unwrap();
        let after = check(&s).map_or_else(|e| e.to_string(), |c| format!("{c:?}"));
        assert_ne!(before, after, "{} is not read", setting.key);
    }
}
