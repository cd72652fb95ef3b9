//! Markdown as HTML, with an anchor at every heading.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

pub(super) struct Rendered {
    /// The first heading.
    pub(super) title: String,
    pub(super) html: String,
    /// The words alone.
    pub(super) text: String,
}

/// Renders a page. `link` says where each link leads; nothing takes the link away and leaves its
/// text. Raw HTML is shown as it is written.
pub(super) fn render(text: &str, link: &dyn Fn(&str) -> Option<String>) -> Rendered {
    let events: Vec<Event<'_>> =
        Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).collect();
    let (mut out, mut words, mut title) = (Vec::new(), String::new(), String::new());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken_away = false;
    for (position, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let heading = heading(events.get(position + 1..).unwrap_or_default());
                if title.is_empty() {
                    title.clone_from(&heading);
                }
                let id = anchor(&heading, &mut seen);
                out.push(Event::Html(format!("<{level} id=\"{id}\">").into()));
                continue;
            }
            Event::End(TagEnd::Heading(level)) => {
                words.push('\n');
                out.push(Event::Html(format!("</{level}>\n").into()));
                continue;
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                taken_away = true;
                if let Some(to) = link(dest_url) {
                    taken_away = false;
                    let (link_type, dest_url) = (*link_type, CowStr::from(to));
                    let (title, id) = (title.clone(), id.clone());
                    out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
                continue;
            }
            Event::End(TagEnd::Link) if std::mem::take(&mut taken_away) => continue,
            Event::Html(raw) | Event::InlineHtml(raw) => {
                out.push(Event::Text(raw.clone()));
                continue;
            }
            Event::Text(text) | Event::Code(text) => {
                words.push_str(text);
                words.push(' ');
            }
            _ => {}
        }
        out.push(event.clone());
    }
    let mut html = String::new();
    html::push_html(&mut html, out.into_iter());
    Rendered { title, html, text: words }
}

/// The words of the heading that begins before these events.
fn heading(events: &[Event<'_>]) -> String {
    let inside = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let words = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    words.collect()
}

/// The anchor that hosts of Markdown give a heading.
fn anchor(heading: &str, seen: &mut BTreeMap<String, usize>) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter(|one| one.is_alphanumeric() || "-_ ".contains(*one));
    let anchor: String = kept.map(|one| if one == ' ' { '-' } else { one }).collect();
    let count = seen.entry(anchor.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn headings_have_anchors_and_raw_html_is_text() {
        let page = "# A `b` c!\n\n<script>x</script>\n\n## Two\n\n## Two\n\n[a](b.md) [c](d.md)\n";
        let made = render(page, &|link| (link == "b.md").then(|| "b.html".to_owned()));
        assert_eq!(made.title, "A b c!");
        assert!(made.html.contains("<h1 id=\"a-b-c\">") && made.html.contains("id=\"two-1\""));
        assert!(made.html.contains("<a href=\"b.html\">a</a> c"), "{}", made.html);
        assert!(!made.html.contains("<script>"), "{}", made.html);
    }
}
