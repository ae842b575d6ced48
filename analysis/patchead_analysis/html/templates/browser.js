"use strict";
// The browser of heat maps: filters the index, shows a page of images, loads their maps.

(() => {
  const PAGE = 24;
  const [CATEGORY, TYPE, LABEL, NUMBER, ID, SCORES] = [0, 1, 2, 3, 4, 5];
  const [NORMAL, ANOMALOUS, UNLABELLED] = [0, 1, 2];
  const {element} = report;
  const {chunk, groups, points, categories, types, images} = patchead.index;
  const form = document.getElementById("filters");
  const cards = document.getElementById("cards");
  const pager = document.getElementById("pager");
  const large = document.getElementById("large");
  const wanted = form.elements;
  let shown = [];
  let page = 0;
  let turn = 0;  // Which rendering is the latest: maps that arrive late are not shown.

  const fill = (select, options, any) => {
    const before = select.value;
    const first = any ? [new Option(any, "")] : [];
    select.replaceChildren(...first, ...options.map(([text, value]) => new Option(text, value)));
    if ([...select.options].some((option) => option.value === before)) select.value = before;
  };

  const unique = (values) => [...new Set(values)].sort((a, b) => a.localeCompare(b, "en", {numeric: true}));

  // [modules, number] of the points that are shown side by side.
  const pointsOf = (group) => points.flatMap(([of, label], number) => of === group ? [[label, number]] : []);

  // Choices depend on each other: categories on the data set, defect types on both.
  const fillFilters = () => {
    fill(wanted.dataset, unique(categories.map(([dataset]) => dataset)).map((name) => [name, name]), "all");
    const inDataset = categories.filter(([dataset]) => !wanted.dataset.value || dataset === wanted.dataset.value);
    fill(wanted.category, unique(inDataset.map(([, name]) => name)).map((name) => [name, name]), "all");
    const anomalous = images.filter((image) => image[LABEL] !== NORMAL && matchesCategory(image));
    const found = new Set(anomalous.map((image) => types[image[TYPE]]));
    fill(wanted.type, unique(found).map((name) => [name, name]), "all");
    fill(wanted.group, groups.map((label, number) => [label, number]));
    fill(wanted.point, pointsOf(Number(wanted.group.value)));
  };

  const matchesCategory = (image) => {
    const [dataset, category] = categories[image[CATEGORY]];
    return (!wanted.dataset.value || dataset === wanted.dataset.value) &&
      (!wanted.category.value || category === wanted.category.value);
  };

  const kinds = {
    all: () => true,
    normal: (image) => image[LABEL] === NORMAL,
    anomalous: (image) => image[LABEL] === ANOMALOUS,
    unlabelled: (image) => image[LABEL] === UNLABELLED,
    wrong: (image, wrong) => image[LABEL] !== UNLABELLED && wrong > 0,
    positive: (image, wrong) => image[LABEL] === NORMAL && wrong > 0,
    negative: (image, wrong) => image[LABEL] === ANOMALOUS && wrong > 0,
  };

  const orders = {
    wrong: (a, b) => b.wrong - a.wrong,
    high: (a, b) => b.score - a.score,
    low: (a, b) => a.score - b.score,
    id: () => 0,
  };

  const byName = (a, b) => a.image[CATEGORY] - b.image[CATEGORY] ||
    a.image[ID].localeCompare(b.image[ID], "en", {numeric: true});

  const select = () => {
    const text = wanted.text.value.toLowerCase();
    const order = orders[wanted.order.value];
    return images
      .filter((image) => image[SCORES][wanted.point.value] && matchesCategory(image) &&
        (!wanted.type.value || types[image[TYPE]] === wanted.type.value) && image[ID].toLowerCase().includes(text))
      .map((image) => {
        const [score, wrong] = image[SCORES][wanted.point.value];
        return {image, score, wrong};
      })
      .filter(({image, wrong}) => kinds[wanted.kind.value](image, wrong))
      .sort((a, b) => order(a, b) || byName(a, b));
  };

  const pathOf = (...parts) => parts.map(encodeURIComponent).join("/");

  const thumbnailOf = (image) => pathOf("thumbnails", ...categories[image[CATEGORY]], `${image[NUMBER]}.jpg`);

  const panel = (image, name, alt, over, kind) => element("figure", {className: "panel"},
    element("span", {className: "frame"},
      element("img", {src: thumbnailOf(image), alt, className: kind === "heat" ? "grey" : ""}),
      ...(over ? [element("img", {src: over, alt: "", className: kind})] : [])),
    element("figcaption", {textContent: name}));

  const mapsOf = (image, group) => {
    const [dataset, category] = categories[image[CATEGORY]];
    const name = `maps/${dataset}/${category}/${group}-${Math.floor(image[NUMBER] / chunk)}.js`;
    return patchead.load(name).then((found) => found[image[NUMBER] % chunk]);
  };

  const panelsOf = (image, group, [truth, ...maps]) => {
    const made = [panel(image, "image", image[ID])];
    if (truth) made.push(panel(image, "ground truth", `Outline of the defect of ${image[ID]}`, truth, "truth"));
    const there = pointsOf(group).filter(([, number]) => image[SCORES][number]);
    there.forEach(([label, number], i) => {
      const score = image[SCORES][number][0].toFixed(3);
      made.push(panel(image, `${label} · ${score}`, `Heat map of ${label}, image score ${score}`, maps[i], "heat"));
    });
    return made;
  };

  const card = ({image, wrong}) => {
    const share = (part) => `${Math.round(part / 10)} %`;
    const places = {
      [NORMAL]: () => `normal · above ${share(wrong)} of the anomalous images`,
      [ANOMALOUS]: () => `${types[image[TYPE]]} · below ${share(wrong)} of the normal images`,
      [UNLABELLED]: () => `unlabelled · above ${share(1000 - wrong)} of the normal images`,
    };
    const made = element("article", {className: "card", tabIndex: 0},
      element("h4", {textContent: `${categories[image[CATEGORY]][0]} · ${image[ID]}`}),
      element("p", {textContent: places[image[LABEL]]()}),
      element("div", {className: "panels"}));
    const group = Number(wanted.group.value);
    const now = turn;
    mapsOf(image, group).then((maps) => {
      if (now === turn) made.querySelector(".panels").replaceChildren(...panelsOf(image, group, maps));
    }).catch((error) => made.append(element("p", {textContent: error.message})));
    made.addEventListener("dblclick", () => enlarge(made));
    return made;
  };

  const render = () => {
    turn += 1;
    const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
    page = Math.min(Math.max(page, 0), last);
    cards.replaceChildren(...shown.slice(page * PAGE, (page + 1) * PAGE).map(card));
    const total = images.filter((image) => image[SCORES][wanted.point.value]).length;
    document.getElementById("count").textContent = `${shown.length} of ${total} images`;
    pager.hidden = last === 0;
    pager.querySelector("span").textContent = `page ${page + 1} of ${last + 1}`;
    pager.querySelector("[name=back]").disabled = page === 0;
    pager.querySelector("[name=on]").disabled = page === last;
  };

  const turnTo = (number) => {
    page = number;
    render();
    cards.firstElementChild?.focus();
    window.scrollTo(0, 0);
  };

  const update = () => {
    fillFilters();
    shown = select();
    page = 0;
    render();
    const set = [...new FormData(form)].filter(([name, value]) => value && !["opacity", "patches"].includes(name));
    history.replaceState(null, "", "#" + new URLSearchParams(set));
  };

  const enlarge = (from) => {
    const close = element("button", {type: "button", textContent: "Close"});
    close.addEventListener("click", () => large.close());
    large.replaceChildren(...[...from.children].map((child) => child.cloneNode(true)), close);
    large.addEventListener("close", () => from.focus(), {once: true});
    large.showModal();
  };

  const columns = () => getComputedStyle(cards).gridTemplateColumns.split(" ").length;

  const move = (event) => {
    const steps = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns()};
    const from = [...cards.children].indexOf(document.activeElement);
    if (from < 0) return;
    if (event.key in steps) {
      cards.children[from + steps[event.key]]?.focus();
    } else if (event.key === "Enter") {
      enlarge(cards.children[from]);
    } else if (event.key === "PageDown" && !pager.querySelector("[name=on]").disabled) {
      turnTo(page + 1);
    } else if (event.key === "PageUp" && page > 0) {
      turnTo(page - 1);
    } else {
      return;
    }
    event.preventDefault();
  };

  const start = () => {
    fillFilters();
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      if (wanted[name]) {
        wanted[name].value = value;
        fillFilters();
      }
    }
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      if (event.target.tagName === "SELECT") update();
    });
    form.addEventListener("input", (event) => {
      if (event.target.name === "opacity") {
        document.documentElement.style.setProperty("--heat", event.target.value / 100);
      } else if (event.target.name === "patches") {
        document.documentElement.classList.toggle("hard", event.target.checked);
      } else if (event.target.name === "text") {
        update();
      }
    });
    pager.querySelector("[name=back]").addEventListener("click", () => turnTo(page - 1));
    pager.querySelector("[name=on]").addEventListener("click", () => turnTo(page + 1));
    cards.addEventListener("keydown", move);
    update();
  };

  start();
})();
