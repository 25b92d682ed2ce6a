//! Messages as they are read: the feed in RSS 2.0, and pages.

use std::fmt::Write;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag};

use super::{Nyhet, Stand, Type};

/// How many of each list the front page has.
const PAA_FORSIDEN: usize = 10;
/// What addresses in a text may begin with; others lead nowhere.
const LOVLIGE_LENKER: [&str; 4] = ["https://", "http://", "mailto:", "/"];

/// A text in Markdown as HTML. Tags in it are shown as they are written, so that a page holds nothing but what we make.
pub fn html(markdown: &str) -> String {
    let valg = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let deler = Parser::new_ext(markdown, valg).map(|del| match del {
        Event::Html(tekst) | Event::InlineHtml(tekst) => Event::Text(tekst),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: lovlig(dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: lovlig(dest_url), title, id })
        }
        annet => annet,
    });
    let mut ut = String::new();
    pulldown_cmark::html::push_html(&mut ut, deler);
    ut
}

fn lovlig(adresse: CowStr<'_>) -> CowStr<'_> {
    let kjent = LOVLIGE_LENKER.iter().any(|begynnelse| adresse.starts_with(begynnelse));
    if kjent { adresse } else { CowStr::Borrowed("#") }
}

/// Text that stands between marks of its own; the mark of its end cannot occur in it.
fn cdata(tekst: &str) -> String {
    format!("<![CDATA[{}]]>", tekst.replace("]]>", "]]]]><![CDATA[>"))
}

fn escape(tekst: &str) -> String {
    quick_xml::escape::escape(tekst).into_owned()
}

/// Both lists merged, newest first, all of them. `nettsted` is the address of the site, without a slash at the end.
pub fn rss(nyheter: &[(u64, Nyhet)], stand: Stand, nettsted: &str) -> String {
    let sted = escape(nettsted);
    let mut ut = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss xmlns:atom=\"http://www.w3.org/2005/Atom\" version=\"2.0\"><channel><title>{0}</title><description>{0}</description><link>{sted}/</link><generator>grunndata</generator><lastBuildDate>{1}</lastBuildDate><atom:link href=\"{sted}/rss.xml\" rel=\"self\" type=\"application/rss+xml\"/>",
        cdata("Folkeregisteret"),
        stand.endret.http_date(),
    );
    for (_, nyhet) in nyheter {
        let lenke = format!("{sted}/{}", nyhet.adresse());
        // Writing to memory does not fail.
        let _ = write!(
            ut,
            "\n<item><title>{}</title><description>{}</description><link>{lenke}</link><guid isPermaLink=\"true\">{lenke}</guid><pubDate>{}</pubDate></item>",
            cdata(&nyhet.tittel),
            cdata(&html(&nyhet.innhold)),
            nyhet.tidspunkt.http_date(),
        );
    }
    ut.push_str("\n</channel></rss>\n");
    ut
}

fn side(tittel: &str, nettsted: &str, innhold: &str) -> String {
    let sted = escape(nettsted);
    format!(
        "<!doctype html>\n<html lang=\"nb\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\n<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Folkeregisteret\" href=\"{sted}/rss.xml\">\n<style>body{{max-width:44rem;margin:2rem auto;padding:0 1rem;font-family:system-ui,sans-serif;line-height:1.5}}</style></head>\n<body>\n<p><a href=\"{sted}/\">Folkeregisteret</a> · <a href=\"{sted}/nyheter\">Alle nyheter</a> · <a href=\"{sted}/rss.xml\">RSS</a></p>\n{innhold}</body>\n</html>\n",
        escape(tittel),
    )
}

fn liste<'n>(ut: &mut String, nettsted: &str, nyheter: impl Iterator<Item = &'n Nyhet>) {
    for nyhet in nyheter {
        let lenke = format!("{}/{}", escape(nettsted), nyhet.adresse());
        // Writing to memory does not fail.
        let _ = write!(
            ut,
            "<article>\n<h3><a href=\"{lenke}\">{}</a></h3>\n{}</article>\n",
            escape(&nyhet.overskrift()),
            html(&nyhet.innhold)
        );
    }
}

/// The ten newest of each list.
pub fn forside(nyheter: &[(u64, Nyhet)], nettsted: &str) -> String {
    let av_type = |type_| {
        nyheter.iter().map(|(_, nyhet)| nyhet).filter(move |nyhet| nyhet.type_ == type_).take(PAA_FORSIDEN)
    };
    let mut ut = "<h1>Nyheter og driftsvarsler</h1>\n<h2>Nyheter</h2>\n".to_owned();
    liste(&mut ut, nettsted, av_type(Type::Nyhet));
    ut.push_str("<h2>Driftsvarsler GMT-tid</h2>\n");
    liste(&mut ut, nettsted, av_type(Type::Driftsvarsel));
    side("Nyheter og driftsvarsler", nettsted, &ut)
}

/// Some messages under a heading: all the news, or one message.
pub fn nyhetsside<'n>(tittel: &str, nettsted: &str, nyheter: impl Iterator<Item = &'n Nyhet>) -> String {
    let mut ut = format!("<h1>{}</h1>\n", escape(tittel));
    liste(&mut ut, nettsted, nyheter);
    side(tittel, nettsted, &ut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_bring_tags_or_scripts() {
        let ut = html("**Feil** <script>x</script> [a](javascript:x) [b](https://example.no/)\n\n- en");
        assert!(ut.contains("<strong>Feil</strong>") && ut.contains("<li>en</li>"));
        assert!(ut.contains("&lt;script&gt;") && !ut.contains("<script") && !ut.contains("javascript:"));
        assert!(ut.contains("href=\"https://example.no/\""));
        assert!(html("17. august er det vedlikehold").contains("start=\"17\""));
    }

    #[test]
    fn a_text_cannot_end_its_own_marks() {
        assert_eq!(cdata("a]]>b"), "<![CDATA[a]]]]><![CDATA[>b]]>");
    }
}
