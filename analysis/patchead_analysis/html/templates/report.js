"use strict";
// Tables that sort by a column and hide rows. Without scripts they stay as they are.

const report = (() => {
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  // Numbers before texts; what is empty comes last in either direction.
  const compare = (a, b, sign) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const numbers = [Number(a), Number(b)];
    if (!numbers.some(Number.isNaN)) return sign * (numbers[0] - numbers[1]);
    return sign * a.localeCompare(b, "en", {numeric: true});
  };

  const sortBy = (table, head, column) => {
    const body = table.tBodies[0];
    const falling = head.getAttribute("aria-sort") !== "descending" &&
      (head.getAttribute("aria-sort") === "ascending" || body.rows[0]?.cells[column].classList.contains("number"));
    for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const rows = [...body.rows].map((row) => [keyOf(row, column), row]);
    rows.sort(([a], [b]) => compare(a, b, falling ? -1 : 1));
    body.append(...rows.map(([, row]) => row));
  };

  const makeSortable = (table) => {
    const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
    [...heads].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(table, head, column));
      head.append(button);
    });
  };

  // All words must be found in a row.
  const makeFilter = (input) => {
    const rows = [...document.getElementById(input.dataset.filters).tBodies[0].rows];
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
    input.closest("label").hidden = false;
  };

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  document.querySelectorAll("table.sortable").forEach(makeSortable);
  document.querySelectorAll("input[data-filters]").forEach(makeFilter);
  return {compare, element};
})();

// What the scripts of the heat maps call and fill.
const patchead = (() => {
  const waiting = new Map();
  const loaded = new Map();

  return {
    index: null,
    maps(name, images) {
      loaded.set(name, images);
    },
    // The images of the script `name`; a page opened from a disk may load scripts, but not fetch.
    load(name) {
      if (loaded.has(name)) return Promise.resolve(loaded.get(name));
      if (!waiting.has(name)) {
        waiting.set(name, new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = name.split("/").map(encodeURIComponent).join("/");
          script.onload = () => resolve(loaded.get(name));
          script.onerror = () => reject(new Error(`cannot load ${name}`));
          document.head.append(script);
        }));
      }
      return waiting.get(name);
    },
  };
})();
