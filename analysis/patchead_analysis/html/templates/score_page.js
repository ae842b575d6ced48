"use strict";
// The page of `patchead score`: a threshold that moves, pages of images, and one image enlarged.

(() => {
  const PAGE = 60;
  const STEPS = 1000;  // Of the slider.
  const {element} = report;
  const {data, images, words, said, frame, pictureOf, heatOf, panel, factsOf, distanceOf} = scored;
  if (!images.length) return;
  const at = (id) => document.getElementById(id);
  const form = at("filters");
  const cards = at("cards");
  const pager = at("pager");
  const large = at("large");
  const slider = at("slider");
  const number = at("number");
  const failed = at("failed");
  const wanted = form.elements;
  const collator = new Intl.Collator("en", {numeric: true});
  const width = data.high - data.low;
  let line = data.line;
  let shown = [];  // Of all pages.
  let page = 0;
  let open = -1;   // Place in `shown` of the image that is enlarged.

  const sideOf = (image) => image.score > line ? "high" : "low";
  const onPage = () => shown.slice(page * PAGE, (page + 1) * PAGE);

  // How many score above the line: they are sorted.
  const above = () => {
    let [from, to] = [0, images.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (images[middle].score > line) from = middle + 1; else to = middle;
    }
    return from;
  };

  const orders = {
    high: null,
    low: (a, b) => a.score - b.score,
    near: (a, b) => Math.abs(a.score - line) - Math.abs(b.score - line),
    name: (a, b) => collator.compare(a.path, b.path),
  };

  const select = () => {
    const [show, text] = [wanted.show.value, wanted.text.value.toLowerCase()];
    const found = images.filter((image) => (show === "all" || show === sideOf(image)) && image.path.toLowerCase().includes(text));
    const order = orders[wanted.order.value];
    return show === "failed" ? [] : order ? found.sort(order) : found;
  };

  // Heat maps are loaded when somebody wants to see them.
  const warm = (card) => {
    const image = images[card?.dataset.place];
    if (!image?.heat || card.querySelector(".heat")) return;
    card.querySelector(".pic").append(heatOf(image, ""));
  };

  const judge = (card) => {
    const image = images[card.dataset.place];
    const side = sideOf(image);
    card.className = `shot ${side}`;
    const verdict = card.querySelector(".verdict");
    verdict.className = `verdict ${side}`;
    verdict.textContent = words[side];
    card.setAttribute("aria-label", [image.path, words[side], `score ${said(image.score)}`, distanceOf(image)]
      .filter(Boolean).join(", "));
  };

  const places = new Map(images.map((image, place) => [image, place]));

  const cardOf = (image) => {
    const made = element("button", {type: "button", tabIndex: -1, title: image.path},
      frame(image, ...(image.picture ? [pictureOf(image.picture, "")] : [])),
      element("span", {className: "name", textContent: image.path.split("/").pop()}),
      element("span", {className: "numbers"}, element("b", {textContent: said(image.score)}), element("span"),
        element("small", {textContent: distanceOf(image)})));
    made.dataset.place = places.get(image);
    made.querySelector(".numbers span").className = "verdict";
    judge(made);
    if (wanted.heat.checked) warm(made);
    return element("li", {}, made);
  };

  const buttons = () => [...cards.querySelectorAll("button")];

  const render = () => {
    const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
    page = Math.min(Math.max(page, 0), last);
    cards.replaceChildren(...onPage().map(cardOf));
    const first = cards.querySelector("button");
    if (first) first.tabIndex = 0;  // The arrow keys go on from there.
    pager.hidden = last === 0;
    pager.querySelector("span").textContent = `page ${page + 1} of ${last + 1}`;
    pager.querySelector("[name=back]").disabled = page === 0;
    pager.querySelector("[name=on]").disabled = page === last;
  };

  const count = () => {
    const high = above();
    const counts = {all: images.length, high, low: images.length - high};
    at("verdicts").replaceChildren(...["high", "low"].map((side) =>
      element("span", {className: `verdict ${side}`, textContent: `${counts[side]} ${words[side]}`})));
    for (const input of form.querySelectorAll("[name=show]")) {
      if (input.value in counts) input.nextElementSibling.textContent = counts[input.value];
    }
    const isFailed = wanted.show.value === "failed";
    cards.hidden = isFailed;
    at("count").textContent = isFailed ? "" : `${shown.length} of ${images.length} images`;
  };

  const drawLine = () => {
    const place = 1000 * (line - data.low) / width;
    at("beyond").setAttribute("x", place);
    at("mark").setAttribute("transform", `translate(${place})`);
    slider.setAttribute("aria-valuetext", `${said(line)}: ${above()} ${words.high}, ${images.length - above()} ${words.low}`);
    const moved = line !== data.line;
    at("reset").disabled = !moved;
    at("source").textContent = moved ? `yours; ${data.judged ? "the model's is" : "it stood at"} ${said(data.line)}` :
      (data.judged ? "the model's: " : "") + at("source").dataset.source;
  };

  const remember = () => {
    const state = new URLSearchParams();
    if (line !== data.line) state.set("line", line);
    for (const name of ["show", "order", "text"]) {
      if (wanted[name].value && !["all", "high"].includes(wanted[name].value)) state.set(name, wanted[name].value);
    }
    if (wanted.show.value === "high") state.set("show", "high");
    history.replaceState(null, "", "#" + state);
  };

  // Pictures that stay are not made again: only their verdicts change.
  const update = (turn = true) => {
    const before = onPage();
    shown = select();
    if (turn) page = 0;
    const now = onPage();
    if (!turn && now.length && now.length === before.length && now.every((image, i) => image === before[i])) {
      buttons().forEach(judge);
    } else {
      render();
    }
    count();
    remember();
  };

  let waiting = false;
  const moveTo = (score) => {
    line = score;
    drawLine();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update(false);
    });
  };

  const setSlider = () => { slider.value = Math.round(STEPS * (line - data.low) / width); };

  const focus = (card) => {
    if (!card) return;
    for (const other of buttons()) other.tabIndex = other === card ? 0 : -1;
    card.focus();
  };

  const turnTo = (wantedPage) => {
    page = wantedPage;
    render();
    focus(cards.querySelector("button"));
    cards.scrollIntoView({block: "start"});
  };

  const move = (event) => {
    const all = buttons();
    const from = all.indexOf(document.activeElement);
    if (from < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const columns = getComputedStyle(cards).gridTemplateColumns.split(" ").length;
    const steps = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -from, End: all.length - 1 - from};
    if (event.key in steps) {
      focus(all[from + steps[event.key]]);
    } else if (event.key === "PageDown" && !pager.querySelector("[name=on]").disabled) {
      turnTo(page + 1);
    } else if (event.key === "PageUp" && page > 0) {
      turnTo(page - 1);
    } else {
      return;
    }
    event.preventDefault();
  };

  const button = (textContent, act, disabled = false) => {
    const made = element("button", {type: "button", textContent, disabled});
    made.addEventListener("click", act);
    return made;
  };

  const enlarge = (place) => {
    if (!shown[place]) return;
    open = place;
    const image = shown[place];
    const side = sideOf(image);
    large.replaceChildren(
      element("h2", {id: "large-name", textContent: image.path}),
      element("p", {className: `verdict ${side}`, textContent: words[side]}),
      element("div", {className: "two"},
        ...(image.picture ? [panel(image, pictureOf(image.picture, image.path), "image")] : []),
        ...(image.heat ? [panel(image, heatOf(image, `Heat map of ${image.path}`), "heat map: bright is unlike the normal images")] : [])),
      factsOf(image, line),
      element("p", {className: "buttons"}, button("Previous", () => enlarge(open - 1), place === 0),
        button("Next", () => enlarge(open + 1), place === shown.length - 1), button("Close", () => large.close())));
    if (!large.open) large.showModal();
    large.querySelector(".buttons button:last-child").focus();
    large.scrollTop = 0;
  };

  const leave = () => {
    if (Math.floor(open / PAGE) !== page) {
      page = Math.floor(open / PAGE);
      render();
    }
    focus(buttons()[open % PAGE]);
  };

  const listen = () => {
    slider.addEventListener("input", () => moveTo(data.low + width * slider.value / STEPS));
    number.addEventListener("input", () => {
      if (!Number.isFinite(number.valueAsNumber)) return;
      moveTo(number.valueAsNumber);
      setSlider();
    });
    slider.addEventListener("input", () => { number.value = said(line); });
    at("reset").addEventListener("click", () => {
      moveTo(data.line);
      number.value = said(line);
      setSlider();
      slider.focus();  // The button is off now, and would lose it.
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      if (event.target.name === "order") return;
      if (event.target.name !== "heat") return update();
      cards.classList.toggle("hot", wanted.heat.checked);
      if (wanted.heat.checked) buttons().forEach(warm);
    });
    form.addEventListener("change", (event) => {
      if (event.target.name === "order") update();
      if (wanted.show.value === "failed") failed.scrollIntoView({block: "nearest"});
    });
    for (const kind of ["pointerover", "focusin"]) {
      cards.addEventListener(kind, (event) => warm(event.target.closest("button")));
    }
    cards.addEventListener("click", (event) => {
      const card = event.target.closest("button");
      if (card) enlarge(page * PAGE + buttons().indexOf(card));
    });
    cards.addEventListener("keydown", move);
    pager.querySelector("[name=back]").addEventListener("click", () => turnTo(page - 1));
    pager.querySelector("[name=on]").addEventListener("click", () => turnTo(page + 1));
    large.addEventListener("close", leave);
    large.addEventListener("keydown", (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (step) enlarge(open + step);
    });
  };

  const start = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const name of ["show", "order", "text"]) {
      if (state.has(name)) wanted[name].value = state.get(name);
    }
    if (state.has("line") && Number.isFinite(Number(state.get("line")))) line = Number(state.get("line"));
    number.step = 10 ** Math.floor(Math.log10(width / 100));
    number.value = said(line);
    setSlider();
    for (const input of [slider, number]) input.disabled = false;
    form.hidden = false;
    document.querySelector(".keys").hidden = false;
    listen();
    drawLine();
    update();
  };

  start();
})();
