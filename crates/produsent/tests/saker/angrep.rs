//! XML that means harm: none is accepted, and none takes long.

use std::time::{Duration, Instant};

use produsent::mottak::Avvist;

use crate::meldinger::{doedsfall, e};
use crate::prove::{AVSENDER, GAMMEL, Prove};

/// The longest that a refusal may take. Unoptimised builds get more.
const GRENSE: Duration =
    if cfg!(debug_assertions) { Duration::from_millis(500) } else { Duration::from_millis(50) };

fn angrep() -> Vec<(&'static str, Vec<u8>)> {
    let ekte = doedsfall("1", GAMMEL, "2024-11-03", "helse");
    let inni = |hva: &str| ekte.replace("B1", hva).into_bytes();
    let foran = |hva: &str| format!("{hva}{ekte}").into_bytes();
    let latter = (0..30)
        .fold("<!ENTITY a0 \"ha\">".to_owned(), |d, i| d + &format!("<!ENTITY a{} \"&a{i};&a{i};\">", i + 1));
    let mange = |antall: u32, navn: &str| {
        (0..antall).fold(String::new(), |tekst, i| tekst + " " + navn + &i.to_string() + "=\"x\"")
    };
    let (attributter, navnerom) = (mange(100_000, "a"), mange(50_000, "xmlns:a"));
    vec![
        ("external entity", foran("<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>")),
        ("external subset", foran("<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\">")),
        ("parameter entity", foran("<!DOCTYPE x [<!ENTITY % y SYSTEM \"http://127.0.0.1/\"> %y;]>")),
        ("billion laughs", foran(&format!("<!DOCTYPE x [{latter}]>"))),
        ("unknown entity", inni("&y;")),
        ("depth", inni(&format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000)))),
        ("width", inni(&"<a/>".repeat(200_000))),
        ("many attributes", inni(&format!("<a{attributter}/>"))),
        ("a huge attribute", inni(&format!("<a b=\"{}\"/>", "x".repeat(900_000)))),
        ("many namespaces", inni(&format!("<a{navnerom}/>"))),
        ("a huge name", inni(&format!("<{}/>", "x".repeat(900_000)))),
        ("a huge text", inni(&"x".repeat(900_000))),
        ("a huge comment that ends not", inni(&format!("<!--{}", "-".repeat(900_000)))),
        ("a section that ends not", inni(&format!("<![CDATA[{}", "]".repeat(900_000)))),
        ("zero", inni("\0")),
        ("a reference to zero", inni("&#0;")),
        ("a reference too high", inni("&#x110000;")),
        ("half a pair", inni("&#xD800;")),
        ("UTF-16", [0xff, 0xfe].into_iter().chain(ekte.encode_utf16().flat_map(u16::to_le_bytes)).collect()),
        ("not UTF-8", ekte.replace("B1", "\u{e6}").replace('\u{e6}', "\u{1}").into_bytes()),
        ("another encoding", foran("<?xml version=\"1.0\" encoding=\"UTF-7\"?>")),
        ("overlong UTF-8", [&b"<a>\xc0\xbc</a>"[..]].concat()),
        ("two roots", format!("{ekte}{ekte}").into_bytes()),
        (
            "included text",
            inni("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/>"),
        ),
        (
            "another type",
            ekte.replace(
                "<forespoersel>",
                "<forespoersel xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:type=\"x\">",
            )
            .into_bytes(),
        ),
        ("cut off", ekte.as_bytes()[..ekte.len() - 5].to_vec()),
        ("nothing", Vec::new()),
        ("blanks", vec![b' '; 900_000]),
        ("only openings", b"<".repeat(900_000)),
        ("only ampersands", inni(&"&".repeat(900_000))),
        ("another namespace", e("meldingOmDoedsfall", "").into_bytes()),
    ]
}

#[tokio::test]
async fn none_is_accepted_and_none_takes_long() {
    let p = Prove::med_folk().await;
    let avsender = crate::prove::orgnr(AVSENDER);
    for (navn, xml) in angrep() {
        let begynt = Instant::now();
        let ressurs = produsent::ressurs::Ressurs::av_navn("doedsfall_v1").expect("a resource");
        let rett = p.produsent.maa_sende(avsender, ressurs.0).await.expect("a right");
        let svar = p.produsent.ta_imot((avsender, &rett), ressurs, &xml, &[]).await;
        assert!(matches!(svar, Err(Avvist::Xml(_))), "{navn}: {svar:?}");
        assert!(begynt.elapsed() < GRENSE, "{navn}: {:?}", begynt.elapsed());
    }
    assert_eq!(p.produsent.toem().await.expect("taken"), 0, "nothing was kept");
}
