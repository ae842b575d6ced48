"use strict";
// What the page of `patchead score` shows of an image.

const scored = (() => {
  const {element} = report;
  const data = JSON.parse(document.getElementById("data").textContent);
  const images = data.images.map(([path, score, distance, x, y, width, height, heat, picture, turned, part]) =>
    ({path, score, distance, x, y, width, height, heat, picture, turned, part}));  // Highest score first.
  const words = data.judged ? {high: "defect", low: "ok"} : {high: "above the line", low: "below the line"};

  const said = (value) => Number(value.toPrecision(5)).toString();
  const addressOf = (path) => path.split("/").map(encodeURIComponent).join("/");

  const distanceOf = ({distance}) => distance === null ? "" :
    `${Math.abs(distance).toFixed(1)} σ ${distance < 0 ? "below" : "above"} normal`;

  const frame = (image, ...over) => {
    const pic = element("span", {className: image.height > image.width ? "pic tall" : "pic"}, ...over);
    pic.style.aspectRatio = `${image.width} / ${image.height}`;
    return element("span", {className: "box"}, pic);
  };

  const pictureOf = (path, alt, className = "") =>
    element("img", {src: addressOf(path), alt, className, loading: "lazy", decoding: "async"});

  // Of its file the part that lies over the image.
  const heatOf = (image, alt) => {
    const made = pictureOf(image.heat, alt, "heat");
    if (image.part) {
      const [x, y, width, height] = image.part;
      const shares = {left: -x / width, top: -y / height, width: 1 / width, height: 1 / height};
      for (const [name, share] of Object.entries(shares)) made.style[name] = `${100 * share}%`;
    }
    return made;
  };

  // Where the score is highest; a picture without such a place has no ring.
  const ringOf = (image) => {
    if (image.x === null) return [];
    const ring = element("span", {className: "ring"});
    ring.style.left = `${100 * (image.x + 0.5) / image.width}%`;
    ring.style.top = `${100 * (image.y + 0.5) / image.height}%`;
    return [ring];
  };

  // Enlarged, a wide picture needs no square.
  const panel = (image, picture, caption) => {
    const box = frame(image, picture, ...ringOf(image));
    box.style.aspectRatio = Math.max(1, image.width / image.height);
    return element("figure", {}, box, element("figcaption", {textContent: caption}));
  };

  const factsOf = (image, line) => {
    const beside = `${said(Math.abs(image.score - line))} ${image.score > line ? "above" : "below"} it`;
    const facts = [["score", said(image.score)], [data.judged ? "threshold" : "line", `${said(line)}: the score is ${beside}`]];
    if (image.distance !== null) facts.push(["distance", distanceOf(image)]);
    if (image.x !== null) facts.push(["highest at", `x ${image.x}, y ${image.y} (ring) of ${image.width} × ${image.height} px`]);
    if (image.turned) facts.push(["EXIF", "turned as the camera said"]);
    return element("dl", {className: "facts"}, ...facts.flatMap(([name, text]) =>
      [element("dt", {textContent: name}), element("dd", {textContent: text})]));
  };

  return {data, images, words, said, frame, pictureOf, heatOf, panel, factsOf, distanceOf};
})();
