//! What lies in `deploy/` is well-formed, agrees with the program and keeps what docs/drift.md promises.

use std::collections::BTreeSet;

use grunndata::config::Settings;
use grunndata::telemetry::table;
use serde_json::Value;

use crate::tree;

fn yaml(path: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(&tree::read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn stateful_set() -> Value {
    yaml("deploy/kubernetes/statefulset.yaml").remove(0)
}

/// The seconds that a node's configuration in the manifests gives.
fn node_seconds(key: &str) -> u64 {
    let mut settings = Settings::defaults().expect("the defaults");
    let path = "deploy/kubernetes/grunndata.toml";
    settings.lay_file(&tree::read(path), path.as_ref()).expect("a configuration of this program");
    grunndata::config::check(&settings).expect("allowed values");
    settings.get(key).expect("a key").value.to_string().parse().expect("a number")
}

#[test]
fn the_manifests_are_three_careful_nodes() {
    let set = stateful_set();
    assert_eq!((&set["kind"], &set["spec"]["replicas"]), (&"StatefulSet".into(), &3.into()));
    let pod = &set["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(pod["enableServiceLinks"], false, "a service's variables look like settings");
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    let security = &container["securityContext"];
    assert_eq!(
        (&security["readOnlyRootFilesystem"], &security["allowPrivilegeEscalation"]),
        (&true.into(), &false.into())
    );
    assert_eq!(security["capabilities"]["drop"][0], "ALL");
    let probes =
        [("livenessProbe", "/drift/liv"), ("readinessProbe", "/drift/klar"), ("startupProbe", "/drift/liv")];
    for (probe, path) in probes {
        assert_eq!(container[probe]["httpGet"]["path"], path, "{probe}");
    }
    assert!(
        container["resources"]["requests"]["memory"].is_string()
            && container["resources"]["limits"]["memory"].is_string()
    );
    let variables = container["env"].as_array().expect("variables");
    let address = |variable: &Value| {
        assert_eq!(variable["valueFrom"]["secretKeyRef"]["name"], "grunndata-database", "a secret");
        format!("{}=postgres://u:p@db/g", variable["name"].as_str().expect("a name"))
    };
    are_settings(variables.iter().map(address).collect::<Vec<_>>().iter().map(String::as_str));
    let probe = &container["readinessProbe"];
    let noticed =
        probe["periodSeconds"].as_u64().unwrap_or(10) * (probe["failureThreshold"].as_u64().unwrap_or(3) + 1);
    let (drain, grace) = (node_seconds("server.nedtelling_s"), node_seconds("server.nedstenging_s"));
    assert!(drain >= noticed, "{drain} s are too few for a probe that needs {noticed} s");
    assert!(pod["terminationGracePeriodSeconds"].as_u64().expect("seconds") > drain + grace);
}

#[test]
fn the_manifests_belong_together() {
    let set = stateful_set();
    let services = yaml("deploy/kubernetes/service.yaml");
    let named = |name: &Value| {
        services.iter().any(|service| service["kind"] == "Service" && service["metadata"]["name"] == *name)
    };
    assert!(named(&set["spec"]["serviceName"]) && named(&set["metadata"]["name"]));
    let budget = &yaml("deploy/kubernetes/poddisruptionbudget.yaml")[0];
    assert_eq!(
        (&budget["kind"], &budget["spec"]["maxUnavailable"]),
        (&"PodDisruptionBudget".into(), &1.into())
    );
    let kustomization = &yaml("deploy/kubernetes/kustomization.yaml")[0];
    let labels = &kustomization["labels"][0]["pairs"];
    assert_eq!(budget["spec"]["selector"]["matchLabels"], *labels);
    for file in kustomization["resources"].as_array().expect("resources") {
        let file = format!("deploy/kubernetes/{}", file.as_str().expect("a name"));
        assert!(
            yaml(&file).iter().all(|part| part["apiVersion"].is_string() && part["kind"].is_string()),
            "{file}"
        );
    }
    assert_eq!(
        kustomization["configMapGenerator"][0]["name"],
        set["spec"]["template"]["spec"]["volumes"][0]["configMap"]["name"]
    );
}

/// Every measurement that rules, dashboard and page name is one that the program serves.
#[test]
fn measurements_are_named_as_the_program_names_them() {
    let rules = &yaml("deploy/prometheus/rules.yaml")[0]["groups"][0]["rules"];
    let rules = rules.as_array().expect("rules");
    assert!(rules.iter().all(|rule| rule["alert"].is_string()
        && rule["expr"].is_string()
        && rule["annotations"]["summary"].is_string()));
    let page = tree::read("docs/drift.md");
    for rule in rules {
        let name = rule["alert"].as_str().expect("a name");
        assert!(page.contains(&format!("`{name}`")), "docs/drift.md does not say what to do about {name}");
    }
    let scrape = &yaml("deploy/prometheus/scrape.yaml")[0]["scrape_configs"][0];
    assert_eq!(
        (&scrape["job_name"], &scrape["metrics_path"]),
        (&"grunndata".into(), &"/drift/metrikker".into())
    );
    let dashboard: Value = serde_json::from_str(&tree::read("deploy/grafana/grunndata.json")).expect("JSON");
    assert!(dashboard["panels"].as_array().is_some_and(|panels| panels.len() > 10));

    let known: BTreeSet<&str> = table::ALL.iter().map(|metric| metric.name).collect();
    let mut broken = Vec::new();
    let mut seen = BTreeSet::new();
    for path in [
        "deploy/prometheus/rules.yaml",
        "deploy/grafana/grunndata.json",
        "docs/drift.md",
        "docs/skalering.md",
    ] {
        let text = tree::read(path);
        for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            let measured = ["grunndata_", "process_"].iter().any(|head| word.starts_with(head));
            let name =
                ["_bucket", "_sum", "_count"].iter().find_map(|part| word.strip_suffix(part)).unwrap_or(word);
            if measured && !known.contains(name) {
                broken.push(format!("{path}: {word}"));
            }
            seen.insert(name.to_owned());
        }
    }
    broken
        .extend(known.iter().filter(|name| !seen.contains(**name)).map(|name| format!("{name} is nowhere")));
    tree::none(&broken, "measurements have the names of telemetry/table.rs");
}

#[test]
fn the_page_has_the_table_of_measurements() {
    let page = tree::read("docs/drift.md");
    let mut lacking = Vec::new();
    for metric in table::ALL {
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let row = format!(
            "| `{}` | {} | {} | {} |",
            metric.name,
            metric.kind.word(),
            labels.join(", "),
            metric.help
        );
        if !page.contains(&row) {
            lacking.push(row);
        }
    }
    tree::none(&lacking, "docs/drift.md has these rows, word for word");
}

#[test]
fn the_container_is_not_root_and_checks_itself() {
    let file = tree::read("deploy/Dockerfile").replace("\\\n", " ");
    let lines: Vec<Vec<&str>> = file
        .lines()
        .filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_whitespace().collect())
        .collect();
    let known = [
        "FROM",
        "RUN",
        "WORKDIR",
        "COPY",
        "ARG",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    ];
    for line in &lines {
        assert!(known.contains(&line[0]), "{} is no instruction", line[0]);
    }
    let stages: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line[0] == "FROM").map(|(at, _)| at).collect();
    assert_eq!(stages.len(), 2, "one stage builds, one runs");
    let last = &lines[stages[1]..];
    let one = |name: &str| {
        last.iter().find(|line| line[0] == name).map(|line| line[1..].join(" ")).expect("an instruction")
    };
    assert!(
        one("USER").split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)),
        "a number that is not root's"
    );
    assert!(last.iter().all(|line| line[0] != "RUN"), "the image that runs has no shell");
    assert!(one("HEALTHCHECK").ends_with("CMD [\"/usr/bin/grunndata\", \"helse\"]"));
    assert_eq!(
        (one("ENTRYPOINT"), one("CMD")),
        ("[\"/usr/bin/grunndata\"]".to_owned(), "[\"serve\"]".to_owned())
    );
    let built = tree::read("Cargo.toml");
    let version =
        built.split("rust-version = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version");
    assert!(lines[stages[0]][1].starts_with(&format!("rust:{version}-")), "the compiler is the workspace's");
    are_settings(one("ENV").split(' '));
}

#[test]
fn the_service_is_confined() {
    let unit = tree::read("deploy/systemd/grunndata.service");
    let value = |key: &str| unit.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
    for (key, expected) in [
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("MemoryDenyWriteExecute", "yes"),
        ("StateDirectory", "grunndata"),
        ("Restart", "on-failure"),
    ] {
        assert_eq!(value(key), Some(expected), "{key}");
    }
    assert!(value("ExecStart").is_some_and(|command| command.starts_with("/usr/bin/grunndata serve")));
    for section in ["[Unit]", "[Service]", "[Install]"] {
        assert_eq!(unit.lines().filter(|line| *line == section).count(), 1, "{section}");
    }
    are_settings(unit.lines().filter_map(|line| line.strip_prefix("Environment=")));
}

/// Each `NAME=value` is a variable of the program, with a value that it takes.
fn are_settings<'a>(assignments: impl Iterator<Item = &'a str>) {
    let mut settings = Settings::defaults().expect("the defaults");
    let variables: Vec<(String, String)> = assignments
        .filter_map(|text| text.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert!(
        !variables.is_empty() && variables.iter().all(|(name, _)| name.starts_with("GRUNNDATA_")),
        "{variables:?}"
    );
    settings.lay_environment(&variables).expect("variables of this program");
    grunndata::config::check(&settings).expect("allowed values");
}
