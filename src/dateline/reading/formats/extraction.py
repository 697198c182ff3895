"""The child process that extracts web pages. Run as a script by `html.Extractor`; imports nothing of ours.

Reads questions from standard input and writes answers to standard output, each as a length (4 bytes, big-endian) and
that many bytes of JSON: {"html"} in, {"paragraphs", "fields", "problems", "page_words"} out. `fields` maps a name of
`received.Metadata` to [value, method]. Sources of a field are tried in the order of trust: JSON-LD, OpenGraph and
other meta elements, then what trafilatura and htmldate find in the page.
"""

from __future__ import annotations

import json
import os
import re
import struct
import sys
from collections.abc import Iterator
from typing import Any

Fields = dict[str, list[Any]]

_ARTICLE_TYPES = re.compile(
    r"(?:News|Reportage|Opinion|Analysis|Review|Background|Advertiser|Scholarly)?\w*Article|BlogPosting|LiveBlogPosting|Report$"
)
_MOST_PARAGRAPHS = 10_000  # above this trafilatura takes minutes; such a page is cut into paragraphs plainly
_DEEPEST = 400  # nested elements; recursion in the libraries ends near a thousand


def main() -> None:
    """Answer questions until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not break the protocol
    _limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    while len(size := sys.stdin.buffer.read(4)) == 4:
        question = sys.stdin.buffer.read(struct.unpack(">I", size)[0])
        answer = json.dumps(_answer(json.loads(question)["html"])).encode("ascii")
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit remains
        return
    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(html: str) -> dict[str, Any]:
    try:
        import htmldate  # noqa: F401
        import lxml_html_clean  # noqa: F401
        import trafilatura  # noqa: F401
    except ImportError as error:
        return {"missing": str(error)}
    try:
        return extract(html)
    except RecursionError:
        return {"paragraphs": [], "fields": {}, "problems": [], "page_words": _words_of(html)}


def extract(html: str) -> dict[str, Any]:
    """Extract the main text and the metadata of one page."""
    from trafilatura.utils import load_html

    problems: list[str] = []
    tree = load_html(html)
    if tree is None:  # the parser gives up at ten million characters in one piece, among others
        return {"paragraphs": [], "fields": {}, "problems": [], "page_words": _words_of(html)}
    linked = _linked_data(tree)
    fields = _first_of(_from_linked_data(linked), _from_meta(tree))
    paragraphs: list[str] = []
    heavy = sum(1 for _ in tree.iter("p", "br", "li")) > _MOST_PARAGRAPHS or _depth(tree) > _DEEPEST
    if heavy:
        problems.append("the page is unusually large or deep; its paragraphs were taken as they stand")
        paragraphs = _plain_paragraphs(tree)
    else:
        fields = _first_of(fields, _from_libraries(html))
        paragraphs = _main_text(tree)
    stated = _article_body(linked)
    if _count(stated) > 2 * _count(paragraphs):
        paragraphs = stated
        problems.append("the text was taken from the page's own description of it (JSON-LD)")
    if not paragraphs and not heavy:
        paragraphs = _plain_paragraphs(tree)
        if paragraphs:
            problems.append("no main text was found; the page's longer paragraphs were taken as they stand")
    paragraphs = _tidy(paragraphs, fields.get("title", [""])[0])
    page_words = 0 if paragraphs else _words_of(html)
    return {"paragraphs": paragraphs, "fields": fields, "problems": problems, "page_words": page_words}


def _words_of(html: str) -> int:
    """About how many words a page shows from which nothing could be taken."""
    plain = re.sub(r"<(script|style)\b.*?(?:</\1|$)", " ", html[:4_000_000], flags=re.IGNORECASE | re.DOTALL)
    return len(re.sub(r"<[^<>]*>", " ", plain).split())


# ---------------------------------------------------------------- main text


def _main_text(tree: Any) -> list[str]:
    """What trafilatura finds, without promotional links, and with paragraphs of the same kind that it passed over."""
    from copy import deepcopy

    import trafilatura

    cleaned = deepcopy(tree)
    _drop_promotions(cleaned)
    kinds = _paragraph_kinds(cleaned)
    document: Any = trafilatura.bare_extraction(cleaned, include_comments=False, with_metadata=False, fast=True)
    text = (document.text if document else "") or ""
    return _with_passed_over([line.strip() for line in text.split("\n") if line.strip()], kinds)


def _drop_promotions(tree: Any) -> None:
    """Take out paragraphs and lists that are nothing but links to other stories."""
    for element in list(tree.iter("ul", "ol")):
        items = list(element.iter("li"))
        if len(items) >= 2 and all(_is_link(item) for item in items):
            _drop(element)
    for element in list(tree.iter("p", "h3", "h4", "h5")):
        if len(" ".join(element.itertext()).split()) >= 4 and _is_link(element):
            _drop(element)


def _is_link(element: Any) -> bool:
    """Whether all the words of an element stand inside links."""
    words = len("".join(element.itertext()).split())
    linked = sum(len("".join(link.itertext()).split()) for link in element.iter("a"))
    return words > 0 and linked >= words


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _paragraph_kinds(tree: Any) -> list[tuple[str, tuple[str, str, str]]]:
    """The longer paragraphs of a page, each with where it stands: its own class, its parent's tag and class."""
    kinds = []
    for element in tree.iter("p"):
        words = " ".join(" ".join(element.itertext()).split())
        parent = element.getparent()
        if words.count(" ") < 14 or parent is None or _link_share(element, words) > 0.3:
            continue
        if any(
            above.tag in ("aside", "footer", "nav", "figure", "blockquote", "form") for above in element.iterancestors()
        ):
            continue
        kinds.append((words, (element.get("class") or "", str(parent.tag), parent.get("class") or "")))
    return kinds


def _link_share(element: Any, words: str) -> float:
    return sum(len("".join(link.itertext())) for link in element.iter("a")) / max(1, len(words))


def _with_passed_over(found: list[str], kinds: list[tuple[str, tuple[str, str, str]]]) -> list[str]:
    """Complete a text that was found only in part: some sites cut a story into several boxes of one class.

    Done only when at least three tenths of the words are missing, all in places like those of the words found.
    """
    have = {_key(paragraph) for paragraph in found}
    places = {kind for words, kind in kinds if _key(words) in have and (kind[0] or kind[2])}
    alike = [words for words, kind in kinds if kind in places]
    whole = re.sub(r"\W+", "", "".join(found)).lower()
    missing = [words for words in alike if _key(words) not in whole]
    if not found or _count(missing) < 0.3 * _count(found):
        return found
    merged = list(found)
    at = 0
    positions = {_key(paragraph): index for index, paragraph in enumerate(found)}
    added = 0
    for words in alike:
        if _key(words) in positions:
            at = positions[_key(words)] + 1
        elif words in missing:
            merged.insert(at + added, words)
            added += 1
    return merged


def _key(words: str) -> str:
    return re.sub(r"\W+", "", words)[:60].lower()


def _count(paragraphs: list[str]) -> int:
    return sum(paragraph.count(" ") + 1 for paragraph in paragraphs)


def _tidy(paragraphs: list[str], title: str) -> list[str]:
    """Take out what repeats the title, and turn table rows into words."""
    tidied: list[str] = []
    for paragraph in paragraphs:
        words = paragraph
        if words.startswith("|"):
            words = " ".join(
                cell for cell in re.split(r"\s*\|\s*", words) if cell and not re.fullmatch(r"[-: ]+", cell)
            )
        if words and not (len(tidied) < 3 and _key(words) == _key(title) and abs(len(words) - len(title)) < 6):
            tidied.append(words)
    return tidied


def _plain_paragraphs(tree: Any) -> list[str]:
    paragraphs = []
    for element in tree.iter("p"):
        words = " ".join("".join(element.itertext()).split())
        if len(words) > 60 and _link_share(element, words) < 0.5:
            paragraphs.append(words)
        if len(paragraphs) >= _MOST_PARAGRAPHS:
            break
    return paragraphs


def _article_body(linked: list[dict[str, Any]]) -> list[str]:
    for article in linked:
        body = article.get("articleBody")
        if isinstance(body, str) and len(body.split()) > 20:
            plain = re.sub(r"<[^>]{0,500}>", " ", body)
            return [line.strip() for line in re.split(r"\n+|(?<=\.) {2,}", plain) if line.strip()]
    return []


def _depth(tree: Any) -> int:
    deepest = depth = 0
    import lxml.etree

    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


# ---------------------------------------------------------------- metadata: JSON-LD


def _linked_data(tree: Any) -> list[dict[str, Any]]:
    """The objects in the page's JSON-LD that describe an article."""
    articles = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            data = json.loads(_uncommented(script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        articles += [each for each in _objects(data, 0) if _is_article(each)]
    return articles


def _uncommented(script: str) -> str:
    return re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$|^\s*<!--|-->\s*$", "", script)


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for each in data[:200]:
            yield from _objects(each, depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if isinstance(data.get(name), (dict, list)):
                yield from _objects(data[name], depth + 1)


def _is_article(data: dict[str, Any]) -> bool:
    kinds = data.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE_TYPES.match(kind.rsplit("/", 1)[-1])
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _from_linked_data(articles: list[dict[str, Any]]) -> Fields:
    fields: Fields = {}
    for article in articles:
        publisher = _names(article.get("publisher"))
        section = article.get("articleSection")
        found = {
            "title": _plain(article.get("headline") or article.get("name")),
            "published_at": _plain(article.get("datePublished")),
            "updated_at": _plain(article.get("dateModified")),
            "authors": [_person(name) for name in _names(article.get("author"))],
            "outlet_name": publisher[0].lstrip("@") if publisher else "",
            "language": _plain(article.get("inLanguage"))[:2].lower(),
            "section": _plain(section[0] if isinstance(section, list) and section else section),
            "url": _address(article.get("mainEntityOfPage")) or _address(article.get("url")),
        }
        fields = _first_of(fields, {name: [value, "reader:json-ld"] for name, value in found.items() if value})
    return fields


def _names(value: Any) -> list[str]:
    names = []
    for each in value if isinstance(value, list) else [value]:
        name = _plain(each.get("name") if isinstance(each, dict) else each)
        if name and not name.startswith("http"):
            names.append(name)
    return names[:20]


def _person(written: str) -> str:
    """A name without "By" and without what the person does: "By ANN LEE, AP Writer" -> "ANN LEE"."""
    return re.split(r", (?=[A-Z])", re.sub(r"^(?:[Bb]y|BY)\s+", "", written))[0]


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) and value.strip().startswith("http") else ""


def _plain(value: Any) -> str:
    """A short text value, without markup and entities."""
    if not isinstance(value, str):
        return ""
    import html

    return " ".join(html.unescape(re.sub(r"<[^>]{0,200}>", "", value[:2000])).split())


# ---------------------------------------------------------------- metadata: meta elements

_META = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title"),
    "published_at": ("article:published_time", "og:published_time", "parsely-pub-date", "datepublished", "pubdate",
                     "publishdate", "publish-date", "dc.date.issued", "dcterms.created", "dc.date", "sailthru.date",
                     "ptime", "cxenseparse:recs:publishtime",
                     "date", "cse_date", "article.published"),
    "updated_at": ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
                   "dcterms.modified",
                   "article.updated", "utime"),
    "authors": ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author"),
    "outlet_name": ("og:site_name", "application-name", "dc.publisher", "cre"),
    "section": ("article:section", "parsely-section", "section", "cg"),
    "language": ("og:locale", "language", "dc.language"),
    "url": ("og:url",),
}  # fmt: skip


def _from_meta(tree: Any) -> Fields:
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        content = _plain(element.get("content"))
        if name and content:
            values.setdefault(name, []).append(content)
    fields: Fields = {}
    for field, names in _META.items():
        for name in names:
            for value in values.get(name, [])[:1]:
                kept = _kept(field, value, values[name])
                if kept and field not in fields:
                    method = "reader:opengraph" if name.startswith(("og:", "article:")) else "reader:html-meta"
                    fields[field] = [kept, method]
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and _address(link.get("href")):
            fields["url"] = [_address(link.get("href")), "reader:canonical-link"]
            break
    declared = (tree.get("lang") or "") if tree.tag == "html" else ""
    if declared and "language" not in fields:
        fields["language"] = [declared[:2].lower(), "reader:html-lang"]
    if "url" in fields:
        fields["outlet_domain"] = [fields["url"][0], fields["url"][1]]
    return fields


def _kept(field: str, value: str, all_values: list[str]) -> Any:
    if field == "authors":
        people = [each for each in all_values if not each.startswith(("http", "@")) and len(each) < 100]
        return [_person(each) for each in people[:10]]
    if field == "language":
        return value[:2].lower()
    if field == "url":
        return _address(value)
    if field == "outlet_name":
        return value.lstrip("@")
    return value


def _from_libraries(html: str) -> Fields:
    """What trafilatura and htmldate see in the page itself."""
    import htmldate
    import trafilatura

    fields: Fields = {}
    try:
        found = trafilatura.extract_metadata(html)
        if found is not None:
            for name, value in (
                ("title", found.title),
                ("authors", found.author.split("; ") if found.author else None),
                ("outlet_name", (found.sitename or "").lstrip("@")),
                ("url", found.url),
                ("outlet_domain", found.url or found.hostname),
                ("published_at", found.date),
            ):
                if value:
                    fields[name] = [value, "reader:trafilatura"]
        updated = htmldate.find_date(html, original_date=False, extensive_search=False)
        if updated and updated != fields.get("published_at", [None])[0]:
            fields["updated_at"] = [updated, "reader:htmldate"]
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
        return fields  # the libraries fail on some damaged pages; what was found before stays
    return fields


def _first_of(*sources: Fields) -> Fields:
    """One value for each field, from the first source that has it."""
    merged: Fields = {}
    for source in sources:
        for name, value in source.items():
            merged.setdefault(name, value)
    return merged


if __name__ == "__main__":
    main()
