//! Markdown: places that a link can name, links, and paths in back ticks.
//!
//! One pass of a `CommonMark` parser with GitHub's extensions; HTML inside the document is read by
//! a small scanner of its own. Whether a target exists is not asked here: what names something
//! outside the repository is left out, what cannot be told is marked `UNRESOLVED`.

mod code;
mod html;
mod notations;
mod slug;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use assize_model::{FileClass, Span};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::lang::port_table;
use crate::{Extraction, FactKind, FileFlags, Flags, Parsed, Role};

use target::Target;

/// Longer headings and targets are data that happens to look like Markdown.
const NAME_BYTES_MAX: usize = 1_024;

/// How far around a path in back ticks words may say that it is gone or to come.
const SURROUNDINGS_BYTES_MAX: usize = 240;

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    if !reads(sheet.class) {
        return;
    }
    let text = sheet.text;
    let matter = front_matter(text);
    let body = text.get(matter.end..).unwrap_or("");
    let mut reader = Reader {
        base: matter.end,
        settled: !matter.draft,
        section_settled: true,
        ..Reader::default()
    };
    // A part that `inline-markdown` puts in: the page comes into being elsewhere.
    if body.contains("__INLINE(") {
        sheet.mark(FileFlags::TEMPLATE);
    }
    notations::extract(sheet, body, matter.end);
    for (event, range) in Parser::new_ext(body, options()).into_offset_iter() {
        reader.take(sheet, event, range);
    }
    sheet.set_parsed(Parsed::Valid);
}

/// Documents that belong to others, or that list bad patterns on purpose, are not read: nobody
/// judges their links, and the same pages pasted into hundreds of files would swell the index.
const fn reads(class: FileClass) -> bool {
    matches!(class, FileClass::Production | FileClass::Test | FileClass::Example | FileClass::Doc)
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
}

/// Where the body starts, and whether the document says that it does not describe what is there.
#[derive(Debug, Default)]
struct FrontMatter {
    end: usize,
    draft: bool,
}

fn front_matter(text: &str) -> FrontMatter {
    let mut lines = text.split_inclusive('\n');
    let fence = match lines.next().map(str::trim_end) {
        Some(fence @ ("---" | "+++")) => fence,
        _ => return FrontMatter::default(),
    };
    let mut end = text.split_inclusive('\n').next().map_or(0, str::len);
    let mut draft = false;
    for line in lines {
        end += line.len();
        let line = line.trim_end();
        if line == fence || (fence == "---" && line == "...") {
            return FrontMatter { end, draft };
        }
        draft |= says_draft(line);
    }
    FrontMatter::default()
}

fn says_draft(line: &str) -> bool {
    let Some((key, value)) = line.split_once([':', '=']) else { return false };
    let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    match key.trim() {
        "status" => matches!(
            value.as_str(),
            "draft" | "proposed" | "planned" | "archived" | "deprecated" | "superseded"
        ),
        "draft" | "archived" | "deprecated" => value == "true",
        _ => false,
    }
}

/// What is open while the events of one document go by.
#[derive(Debug, Default)]
struct Reader {
    /// Where the body starts in the text.
    base: usize,
    /// The document describes what is there now.
    settled: bool,
    /// The section that is being read does so.
    section_settled: bool,
    heading: Option<(Span, String)>,
    html_heading: Option<(Span, String)>,
    links: usize,
    images: usize,
    struck: usize,
    /// Targets of references that were read: one definition is one link, however often it is used.
    defined: BTreeSet<String>,
    /// How often each slug was used.
    slugs: BTreeMap<String, u32>,
}

impl Reader {
    fn take(&mut self, sheet: &mut Extraction<'_>, event: Event<'_>, range: Range<usize>) {
        let span = Span::new(range.start + self.base, range.end + self.base);
        match event {
            Event::Start(tag) => self.open(sheet, tag, span),
            Event::End(tag) => self.close(sheet, tag),
            Event::Text(text) => self.say(&text),
            Event::Code(text) => {
                self.say(&text);
                if self.links == 0 && self.struck == 0 {
                    self.code(sheet, &text, span);
                }
            }
            Event::InlineHtml(_) => self.html(sheet, span),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            _ => {}
        }
    }

    fn open(&mut self, sheet: &mut Extraction<'_>, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { .. } => self.heading = Some((span, String::new())),
            Tag::HtmlBlock => self.html(sheet, span),
            // HTML pages pasted into a document: what is indented is code for Markdown only.
            Tag::CodeBlock(CodeBlockKind::Indented) => indented_ids(sheet, span),
            Tag::Table(_) if !sheet.is_port_registry() => {
                port_table::unnamed_table(sheet, span);
            }
            Tag::Strikethrough => self.struck += 1,
            Tag::Link { link_type, dest_url, .. } => {
                self.links += 1;
                let again = is_reference(link_type) && !self.defined.insert(dest_url.to_string());
                if !again && !matches!(link_type, LinkType::Autolink | LinkType::Email) {
                    link(sheet, &dest_url, span, Flags::NONE);
                }
            }
            Tag::Image { dest_url, .. } => {
                self.images += 1;
                link(sheet, &dest_url, span, Flags::IMAGE);
            }
            _ => {}
        }
    }

    fn close(&mut self, sheet: &mut Extraction<'_>, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                if let Some((span, text)) = self.heading.take() {
                    self.section_settled = !code::speaks_of_other_times(&text, &text);
                    self.anchor(sheet, &text, span);
                }
            }
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link => self.links = self.links.saturating_sub(1),
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            _ => {}
        }
    }

    /// Text belongs to the heading that is open; what stands for an image is not part of it.
    fn say(&mut self, text: &str) {
        if self.images > 0 {
            return;
        }
        for (_, heading) in self.heading.iter_mut().chain(&mut self.html_heading) {
            heading.push_str(text);
        }
    }

    fn anchor(&mut self, sheet: &mut Extraction<'_>, text: &str, span: Span) {
        if text.len() > NAME_BYTES_MAX {
            return;
        }
        let (title, id) = slug::explicit_id(text);
        if let Some(id) = id {
            sheet.fact(FactKind::Anchor, Role::Definition, id, span).done();
            // GitHub does not know the notation and takes it for text.
            let slug = slug::github(text);
            sheet.fact(FactKind::Anchor, Role::Definition, slug, span).done();
        }
        let slug = slug::github(title);
        let used = self.slugs.entry(slug.clone()).or_insert(0);
        let key = if *used == 0 { slug } else { format!("{slug}-{used}") };
        *used += 1;
        sheet.fact(FactKind::Anchor, Role::Definition, key, span).done();
    }

    fn code(&mut self, sheet: &mut Extraction<'_>, text: &str, span: Span) {
        let Some(path) = code::path(sheet.path.folder(), text) else { return };
        let (before, line) = surroundings(sheet, span);
        let settled =
            self.settled && self.section_settled && !code::speaks_of_other_times(before, line);
        let mut flags = Flags::CODE;
        if path.folder {
            flags = flags.with(Flags::FOLDER);
        }
        if !settled {
            flags = flags.with(Flags::UNRESOLVED);
        }
        sheet.fact(FactKind::Link, Role::Reference, path.key, span).item(text).flags(flags).done();
    }

    fn html(&mut self, sheet: &mut Extraction<'_>, span: Span) {
        let text = sheet.text;
        let Some(source) = text.get(span.start..span.end) else { return };
        for piece in html::Pieces::new(source) {
            match piece {
                html::Piece::Text(text) => {
                    if let Some((_, heading)) = &mut self.html_heading {
                        heading.push_str(text);
                    }
                }
                html::Piece::Open(tag) => {
                    let place = Span::new(span.start + tag.start, span.start + tag.end);
                    if html::is_heading(tag.name) {
                        self.html_heading = Some((place, String::new()));
                    }
                    for (name, value) in tag.attributes() {
                        attribute(sheet, tag.name, name, value, place);
                    }
                }
                html::Piece::Close(name) => {
                    if html::is_heading(name)
                        && let Some((place, title)) = self.html_heading.take()
                    {
                        self.anchor(sheet, title.trim(), place);
                    }
                }
            }
        }
    }
}

/// Whether a link takes its address from a definition elsewhere in the document.
const fn is_reference(link: LinkType) -> bool {
    matches!(link, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// The line around a span, and its part before the span, cut where it is long.
fn surroundings<'a>(sheet: &Extraction<'a>, span: Span) -> (&'a str, &'a str) {
    let line = sheet.lines.line_span(sheet.lines.line(span.start), sheet.text);
    let mut start = line.start.max(span.start.saturating_sub(SURROUNDINGS_BYTES_MAX));
    let mut end = line.end.min(span.end + SURROUNDINGS_BYTES_MAX);
    while !sheet.text.is_char_boundary(start) {
        start += 1;
    }
    while !sheet.text.is_char_boundary(end) {
        end -= 1;
    }
    let text = sheet.text;
    (text.get(start..span.start).unwrap_or(""), text.get(start..end).unwrap_or(""))
}

fn indented_ids(sheet: &mut Extraction<'_>, span: Span) {
    let text = sheet.text;
    for piece in html::Pieces::new(text.get(span.start..span.end).unwrap_or("")) {
        let html::Piece::Open(tag) = piece else { continue };
        let place = Span::new(span.start + tag.start, span.start + tag.end);
        for (name, value) in tag.attributes() {
            id(sheet, tag.name, name, value, place);
        }
    }
}

/// Writes down the anchor that an attribute makes, if it makes one.
fn id(sheet: &mut Extraction<'_>, tag: &str, name: &str, value: &str, span: Span) {
    let names = name.eq_ignore_ascii_case("id")
        || (name.eq_ignore_ascii_case("name") && tag.eq_ignore_ascii_case("a"));
    if names && !value.is_empty() && value.len() <= NAME_BYTES_MAX {
        sheet.fact(FactKind::Anchor, Role::Definition, value, span).done();
    }
}

/// What an attribute of an HTML tag names or refers to.
fn attribute(sheet: &mut Extraction<'_>, tag: &str, name: &str, value: &str, span: Span) {
    id(sheet, tag, name, value, span);
    let any = |tags: &[&str]| tags.iter().any(|one| tag.eq_ignore_ascii_case(one));
    if name.eq_ignore_ascii_case("href") && any(&["a", "area"]) {
        link(sheet, &html::unescape(value), span, Flags::NONE);
    }
    if name.eq_ignore_ascii_case("src") && any(&["img", "source", "video", "audio"]) {
        link(sheet, &html::unescape(value), span, Flags::IMAGE);
    }
}

fn link(sheet: &mut Extraction<'_>, dest: &str, span: Span, flags: Flags) {
    if dest.len() > NAME_BYTES_MAX {
        return;
    }
    let Some(target) = target::read(sheet.path.folder(), dest) else { return };
    let Target { key, anchor, folder, unresolved } = target;
    let mut flags = flags;
    if folder {
        flags = flags.with(Flags::FOLDER);
    }
    if unresolved || notations::is_of_contributor(sheet.text, dest) {
        flags = flags.with(Flags::UNRESOLVED);
    }
    sheet
        .fact(FactKind::Link, Role::Reference, key, span)
        .value(anchor)
        .item(dest)
        .flags(flags)
        .done();
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, Flags, extract};

    fn read(path: &str, text: &str, kind: FactKind) -> Vec<String> {
        let lines = LineIndex::new(text);
        let path = RepoPath::new(path).unwrap();
        let found = extract(&path, FileClass::Doc, text, &lines);
        found
            .facts
            .iter()
            .filter(|fact| fact.kind == kind)
            .map(|fact| {
                let anchor = if fact.value.is_empty() { "" } else { "#" };
                let mut shown = format!("{}:{}{anchor}{}", fact.place.line, fact.key, fact.value);
                let marks = [
                    (Flags::CODE, " code"),
                    (Flags::IMAGE, " image"),
                    (Flags::FOLDER, " folder"),
                    (Flags::UNRESOLVED, " unresolved"),
                ];
                for (flag, word) in marks {
                    if fact.flags.has(flag) {
                        shown.push_str(word);
                    }
                }
                shown
            })
            .collect()
    }

    fn links(text: &str) -> Vec<String> {
        read("docs/page.md", text, FactKind::Link)
    }

    #[test]
    fn anchors_are_those_of_github() {
        let text = "---\ntitle: x\n---\n# The `shop` & *more*\n## 🚀 Start\nNotes\n-----\n## Notes\n\
            ## A [link](x) ![alt](y) end\n## Ünder_score 1.2\n## T {#own}\n<a id=\"i\" name='n'>\n\n\
            <h2 class=x>In <b>HTML</b></h2>\n";
        assert_eq!(
            read("a.md", text, FactKind::Anchor),
            [
                "4:the-shop--more",
                "5:-start",
                "6:notes",
                "8:notes-1",
                "9:a-link--end",
                "10:ünder_score-12",
                "11:own",
                "11:t",
                "11:t-own",
                "12:i",
                "12:n",
                "14:in-html",
            ]
        );
    }

    #[test]
    fn links_are_relative_to_the_document() {
        let text = "[a](b.md#c%20d) [e](../f/) ![g](/h.png?raw=true) [#](#here) [i][j]\n\n[j]: ./k.py:12\n\
            <a href=\"l.md\"><img src='m.png'></a>\n[n](<o p.md>) <!-- [x](y) -->\n";
        assert_eq!(
            links(text),
            [
                "1:docs/b.md#c d",
                "1:f folder",
                "1:h.png image",
                "1:#here",
                "1:docs/k.py",
                "4:docs/l.md",
                "4:docs/m.png image",
                "5:docs/o p.md",
            ]
        );
    }

    #[test]
    fn what_names_nothing_of_ours_is_left_out_or_unresolved() {
        assert!(
            links("[a](https://x.y) [b](//x) [c](mailto:x@y.z) [d](#L10) <https://x.y>").is_empty()
        );
        let text = "[a](../../issues) [b](github.com/x) [c]({{x}}/y.md) [d](a/.../b.md) [e](url)";
        assert_eq!(links(text).len(), 5);
        assert!(links(text).iter().all(|link| link.ends_with("unresolved")), "{:?}", links(text));
    }

    #[test]
    fn paths_in_back_ticks() {
        let text = "`src/app.py:3` `./in/run.sh` `../core/w.py` `core/api/` `api/` `a b/c.py` `@s/p.js` `x/<n>.py`\n\
            `text/html` `src/foo.py` `v/YYYYMMDD.md` [`in/link.py`](z.py) ~~`gone/now.py`~~\n\
            `old/a.py` was removed\n";
        assert_eq!(
            links(text),
            [
                "1:src/app.py code",
                "1:in/run.sh code",
                "1:core/w.py code",
                "1:core/api code folder",
                "2:docs/z.py",
                "3:old/a.py code unresolved",
            ]
        );
    }

    #[test]
    fn hostile_texts_are_survived() {
        for text in [
            "<a href=\"x".repeat(20_000),
            "<!-- ".repeat(20_000),
            "[a](".repeat(900),
            "`a/b.py` é ".repeat(20_000),
            "# ".repeat(20_000),
            format!("# {}", "é".repeat(50_000)),
            "---\n".repeat(1_000),
            "|a|b|\n|-|-|\n".repeat(5_000),
        ] {
            links(&text);
        }
    }
}
