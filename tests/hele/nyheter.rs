//! News and operations messages: the real binary, from the command line to the feed.

use serde_json::Value;

use crate::nation::Data;
use crate::program::run;
use crate::server::Server;

const STED: &str = "/folkeregisteret-api-dokumentasjon";
const JSON: &str = "/folkeregisteret/utvidet/meldinger";

/// The names and texts of a document's elements, in order; a document that is not well formed has none.
fn elementer(xml: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut leser = quick_xml::Reader::from_str(xml);
    let (mut sti, mut ut) = (Vec::new(), Vec::<(String, String)>::new());
    loop {
        match leser.read_event().expect("well-formed XML") {
            Event::Start(e) => {
                sti.push(e.name().as_ref().to_owned());
                ut.push((sti.join("/"), String::new()));
            }
            Event::Text(t) => {
                if let Some((_, tekst)) = ut.last_mut() {
                    tekst.push_str(t.trim());
                }
            }
            Event::CData(t) => ut.last_mut().expect("an element").1.push_str(&t),
            Event::End(_) => drop(sti.pop().expect("a beginning")),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(sti.is_empty(), "elements are left open: {sti:?}");
    ut
}

fn alle<'e>(elementer: &'e [(String, String)], sti: &str) -> Vec<&'e str> {
    elementer.iter().filter(|(navn, _)| navn == sti).map(|(_, tekst)| tekst.as_str()).collect()
}

#[test]
fn news_go_from_the_command_line_to_the_feed() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let kommando = |args: &[&str]| {
        let alle = [&["produsent", "nyhet"], args].concat();
        serde_json::from_str::<Value>(&run(&data.path(), &alle).ok().out).expect("JSON")
    };

    // The demo's, newest first, in both forms.
    let foer = server.get(&format!("{STED}/rss.xml"));
    assert_eq!(foer.status, 200);
    assert!(foer.header("content-type").starts_with("application/rss+xml"));
    let feed = elementer(&foer.text());
    assert_eq!(alle(&feed, "rss/channel/title"), ["Folkeregisteret"]);
    assert_eq!(alle(&feed, "rss/channel/lastBuildDate").len(), 1);
    let titler = alle(&feed, "rss/channel/item/title");
    assert_eq!(titler.len(), 20);
    assert_eq!(titler[0], "Endringer i registermodellen 16. oktober");
    assert_eq!(alle(&feed, "rss/channel/item/guid"), alle(&feed, "rss/channel/item/link"));
    assert_eq!(alle(&feed, "rss/channel/item/pubDate")[0], "Tue, 12 Oct 2021 12:00:00 GMT");
    assert_eq!(server.get(JSON).json()["meldinger"].as_array().unwrap().len(), 20);
    let varsler = server.get(&format!("{JSON}?type=driftsvarsel")).json();
    assert_eq!(varsler["meldinger"].as_array().unwrap().len(), 10);
    assert_eq!(server.get(&format!("{JSON}?type=annet")).status, 400);

    // Nothing is new; then something is.
    let etag = foer.header("etag");
    let igjen = |etag: &str| server.get_with(&format!("{STED}/rss.xml"), &[("if-none-match", etag)]);
    assert_eq!(igjen(etag).status, 304);
    let ny = kommando(&[
        "ny",
        "driftsvarsel",
        "--tittel",
        "Prøve & <varsel>",
        "--tekst",
        "Noe er *nede*. ]]>",
        "--tidspunkt",
        "2031-01-02T03:04:05",
        "--status",
        "paagaar",
        "--gjelder",
        "produsent",
    ]);
    let etter = igjen(etag);
    assert_eq!(etter.status, 200);
    let feed = elementer(&etter.text());
    assert_eq!(alle(&feed, "rss/channel/item/title")[0], "Prøve & <varsel>");
    assert_eq!(alle(&feed, "rss/channel/item/description")[0].trim(), "<p>Noe er <em>nede</em>. ]]&gt;</p>");
    assert_eq!(alle(&feed, "rss/channel/item/pubDate")[0], "Thu, 02 Jan 2031 03:04:05 GMT");

    // The link leads to a page; the front page shows the time in place of the title.
    let lenke = alle(&feed, "rss/channel/item/link")[0].to_owned();
    assert_eq!(lenke, format!("{}{STED}/prove--varsel", server.base));
    let side = server.get(&lenke[server.base.len()..]);
    assert_eq!(side.status, 200);
    assert!(side.header("content-security-policy").starts_with("default-src 'none'"));
    let forside = server.get(&format!("{STED}/")).text();
    assert!(forside.contains("2031-01-02T03:04:05</a>") && !forside.contains("Prøve &amp;"));
    assert!(!server.get(&format!("{STED}/nyheter")).text().contains("2031-01-02"));

    // No two have the same title; a change moves the address; what is taken away is gone.
    let alle_args = ["produsent", "nyhet", "ny", "nyhet", "--tittel", "Prøve & <varsel>", "--tekst", "x"];
    assert_eq!(run(&data.path(), &alle_args).code, Some(1));
    let id = ny["id"].to_string();
    let endret = kommando(&["endre", &id, "--tittel", "LØST: prøve", "--status", "loest"]);
    assert_eq!(
        (endret["status"].as_str(), endret["innhold"].as_str()),
        (Some("loest"), Some("Noe er *nede*. ]]>"))
    );
    assert_eq!(server.get(&lenke[server.base.len()..]).status, 404);
    assert_eq!(server.get(&format!("{STED}/lost-prove")).status, 200);
    kommando(&["slett", &id]);
    assert_eq!(server.get(&format!("{STED}/lost-prove")).status, 404);
    assert_eq!(kommando(&["liste"]).as_array().unwrap().len(), 20);
    assert_eq!(run(&data.path(), &["produsent", "nyhet", "vis", &id]).code, Some(1));
}

#[test]
fn news_are_written_without_a_server_and_survive() {
    let data = Data::nation();
    let ny = ["produsent", "nyhet", "ny", "nyhet", "--tittel", "Uten tjener", "--tekst", "a\r\nb"];
    let skrevet: Value = serde_json::from_str(&run(&data.path(), &ny).ok().out).expect("JSON");
    assert_eq!(skrevet["innhold"], "a\nb");
    let server = Server::start(&data.path(), &[]);
    let meldinger = server.get(JSON).json();
    assert_eq!(meldinger["meldinger"][0]["tittel"], "Uten tjener");
}
