"use strict";
(() => {
  const place = document.getElementById("search");
  const make = (name, fields, children) => {
    const node = Object.assign(document.createElement(name), fields);
    node.append(...(children || []));
    return node;
  };
  const words = make("input", { type: "search", id: "words", autocomplete: "off" });
  const found = make("ul", { id: "found" });
  const told = make("p", { id: "told" });
  told.setAttribute("role", "status");
  const worth = (page, wanted) => {
    const title = page.title.toLowerCase();
    const text = page.text.toLowerCase();
    let sum = 0;
    for (const word of wanted) {
      if (title.includes(word)) sum += 10;
      else if (text.includes(word)) sum += 1;
      else return 0;
    }
    return sum;
  };
  const look = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = wanted.length === 0 ? [] : PAGES
      .map((page) => [worth(page, wanted), page])
      .filter(([sum]) => sum > 0)
      .sort(([one], [other]) => other - one);
    found.replaceChildren(...hits.slice(0, 20).map(([, page]) =>
      make("li", {}, [make("a", { href: place.dataset.root + page.path, textContent: page.title })])));
    told.textContent = wanted.length === 0 ? "" : hits.length + " pages";
  };
  const form = make("form", {}, [make("label", { textContent: "Search " }, [words])]);
  form.setAttribute("role", "search");
  form.addEventListener("submit", (event) => event.preventDefault());
  words.addEventListener("input", look);
  place.append(form, told, found);
})();
