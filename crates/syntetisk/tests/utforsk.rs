//! tmp
use syntetisk::{Nasjon, Oppsett};
#[test]
fn se() {
    let n: u32 = std::fs::read_to_string("/tmp/n").ok().and_then(|s| s.trim().parse().ok()).unwrap_or(1000);
    let t = std::time::Instant::now();
    let nasjon = Nasjon::new(Oppsett { enheter: n, ..Oppsett::default() });
    eprintln!("new {:?}", t.elapsed());
    use std::io::Write;
    let mut f = std::io::BufWriter::new(std::fs::File::create("/tmp/e.jsonl").unwrap());
    let t = std::time::Instant::now();
    for e in nasjon.enheter() {
        serde_json::to_writer(&mut f, &e).unwrap();
        writeln!(f).unwrap();
    }
    eprintln!("enheter {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let mut f = std::io::BufWriter::new(std::fs::File::create("/tmp/u.jsonl").unwrap());
    for e in nasjon.underenheter() {
        serde_json::to_writer(&mut f, &e).unwrap();
        writeln!(f).unwrap();
    }
    eprintln!("under {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let mut f = std::io::BufWriter::new(std::fs::File::create("/tmp/r.jsonl").unwrap());
    for e in nasjon.roller() {
        serde_json::to_writer(&mut f, &e).unwrap();
        writeln!(f).unwrap();
    }
    eprintln!("roller {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let h = nasjon.historie();
    eprintln!("sort {:?} {}", t.elapsed(), h.len());
    let t = std::time::Instant::now();
    let mut c = std::collections::BTreeMap::new();
    for x in h {
        let k = match x.endring {
            syntetisk::Endring::Enhet(_) => "e",
            syntetisk::Endring::Underenhet(_) => "u",
            syntetisk::Endring::Roller(..) => "r",
            syntetisk::Endring::Slettet(..) => "s",
            _ => "f",
        };
        *c.entry(format!("{k} {:?}", x.slag)).or_insert(0) += 1;
    }
    eprintln!("hist {:?} {c:?}", t.elapsed());
}
