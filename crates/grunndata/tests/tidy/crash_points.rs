//! Every named crash point is passed somewhere, and every one that is passed has a name in the list.

use crate::tree;

#[test]
fn the_list_of_crash_points_and_the_code_agree() {
    let call = "crash::point(\"";
    let mut passed = Vec::new();
    for file in tree::files(&["rs"]) {
        if !file.path.contains("/src/") || file.path.starts_with("crates/tid/") {
            continue;
        }
        for (_, line) in file.lines() {
            let code = line.split("//").next().unwrap_or_default();
            passed
                .extend(code.split(call).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    let known = tid::crash::POINTS;
    let unnamed: Vec<String> =
        passed.iter().filter(|name| !known.contains(&name.as_str())).cloned().collect();
    tree::none(&unnamed, "crash points that are not in tid::crash::POINTS, so no test can arm them");
    let unused = known.iter().filter(|name| !passed.iter().any(|p| p == *name)).map(ToString::to_string);
    tree::none(&unused.collect::<Vec<_>>(), "crash points in tid::crash::POINTS that no code passes");
}
