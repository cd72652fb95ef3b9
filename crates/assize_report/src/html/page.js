
"use strict";
(() => {
  const place = document.getElementById("filter");
  const told = document.getElementById("filtered");
  const make = (name, fields, children) => {
    const node = Object.assign(document.createElement(name), fields);
    node.append(...(children || []));
    return node;
  };
  const words = make("input", { type: "search", id: "words" });
  const label = make("label", { htmlFor: "words", textContent: "Path, control, text or owner " }, [words]);
  const boxes = ["block", "error", "warn", "info", "known"].map((name) =>
    make("input", { type: "checkbox", id: "show-" + name, checked: true, value: name }));
  const choice = make("fieldset", {}, [
    make("legend", { textContent: "Severity" }),
    ...boxes.map((box) => make("label", {}, [box, " " + box.value + " "])),
  ]);
  const files = [...document.querySelectorAll("details.file")];
  const open = (state) => files.forEach((file) => { if (!file.hidden) file.open = state; });
  const button = (text, act) => {
    const node = make("button", { type: "button", textContent: text });
    node.addEventListener("click", act);
    return node;
  };
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const file of files) {
      const head = file.querySelector("summary").textContent;
      let any = false;
      for (const item of file.querySelectorAll("li")) {
        const text = (head + " " + item.textContent).toLowerCase();
        item.hidden = !shown.has(item.className) || !wanted.every((word) => text.includes(word));
        any = any || !item.hidden;
        count += item.hidden ? 0 : 1;
      }
      file.hidden = !any;
    }
    told.textContent = count + " findings listed";
  };
  const form = make("form", {}, [
    label, choice,
    button("Open all files", () => open(true)),
    button("Close all files", () => open(false)),
  ]);
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Filter the findings");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  place.append(form);
  apply();
})();
