// Drawings: values in, elements out. Nothing here knows where values come from.

const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1", "#888888"];
const tones = ["#888888", "#0072B2", "#D55E00", "#009E73"];
const toneNames = ["undecided", "better", "worse", "no effect beyond the band"];

/** An element with attributes and children; text is never read as markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat());
  return element;
}

const number = (value) => (typeof value === "number" ? value : Number(value));
const isNumber = (value) => value !== null && value !== undefined && Number.isFinite(number(value));

/** Round marks between two ends, and how many digits they need. */
function marks(low, high, count) {
  const span = Math.max(high - low, 1e-12);
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough);
  const digits = Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const values = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + span * 1e-9; at++) values.push(at * step);
  return { values, text: (value) => value.toFixed(digits).replace("-", "−") };
}

/** Draws anew whenever the width changes; `make(width)` gives elements. */
function responsive(title, caption, make, key = null) {
  const place = h("div");
  const figure = h("figure", { class: "drawing" }, h("h3", {}, title), place, key,
    caption ? h("figcaption", {}, caption) : null);
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (width < 50 || width === drawn) return;
    drawn = width;
    place.replaceChildren(...[make(width)].flat());
  }).observe(place);
  return figure;
}

function keyOf(entries) {
  if (entries.length < 2) return null;
  return h("ul", { class: "key" }, entries.map(([label, colour, shape]) => h("li", {}, shape
    ? s("svg", { width: 12, height: 12, viewBox: "-6 -6 12 12", "aria-hidden": "true" }, s("path", { d: shapes.find((one) => one.name === shape).path, fill: colour }))
    : h("i", { style: { background: colour } }), label)));
}

function frame(width, height, margins, xSpan, ySpan, xLabel, yLabel, options = {}) {
  const { left, right, top, bottom } = margins;
  const toX = options.logarithmic ? Math.log10 : (value) => value;
  const [x0, x1] = xSpan.map(toX);
  // An interval that reaches beyond an axis ends there.
  const within = (share) => Math.min(1, Math.max(0, share));
  const x = (value) => left + within((toX(value) - x0) / (x1 - x0 || 1)) * (width - left - right);
  const y = (value) => height - bottom - within((value - ySpan[0]) / (ySpan[1] - ySpan[0] || 1)) * (height - top - bottom);
  const svg = s("svg", { width, height, role: "img", "aria-label": options.label ?? "" });
  const yMarks = marks(ySpan[0], ySpan[1], Math.max(2, (height - top - bottom) / 45));
  for (const value of options.noY ? [] : yMarks.values) {
    svg.append(s("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      s("text", { class: "quiet-text", x: left - 6, y: y(value) + 4, "text-anchor": "end" }, yMarks.text(value)));
  }
  const xMarks = options.xValues
    ? { values: options.xValues, text: options.xText ?? ((value) => String(value).replace("-", "−")) }
    : marks(xSpan[0], xSpan[1], Math.max(2, (width - left - right) / 80));
  let end = -Infinity;
  for (const value of xMarks.values) {
    const text = xMarks.text(value);
    svg.append(s("line", { class: "axis", x1: x(value), x2: x(value), y1: height - bottom, y2: height - bottom + 4 }));
    const half = text.length * 3.6;
    if (x(value) - half < end + 6) continue;
    end = x(value) + half;
    svg.append(s("text", { class: "quiet-text", x: x(value), y: height - bottom + 17, "text-anchor": "middle" }, text));
  }
  svg.append(s("line", { class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }));
  svg.append(s("text", { class: "quiet-text", x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }, xLabel));
  if (yLabel) svg.append(s("text", { class: "quiet-text", x: 0, y: 11 }, yLabel));
  return { svg, x, y };
}

const margins = { left: 46, right: 14, top: 22, bottom: 38 };

function padded(values, { zero = false, bounds = null } = {}) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (zero) low = Math.min(0, low);
  if (low === high) { low -= 0.5; high += 0.5; }
  const room = (high - low) * 0.06;
  low = zero && low === 0 ? 0 : low - room;
  high += room;
  return bounds ? [Math.max(low, bounds[0]), Math.min(high, bounds[1])] : [low, high];
}

/** Colours by label, in the order in which labels come. */
function colouring(labels) {
  const known = [...new Set(labels)];
  return { of: (label) => colours[known.indexOf(label) % colours.length], entries: known.map((label, index) => [label, colours[index % colours.length]]) };
}

/** What is nearest to the pointer is marked and named; `places`: [{x, y, colour, text}]. */
function pointing(svg, places, width) {
  const mark = s("circle", { r: 5, fill: "none", "stroke-width": 2, visibility: "hidden" });
  const words = s("text", { class: "pointed", visibility: "hidden" });
  svg.append(mark, words);
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = null;
    let least = 40 * 40;
    for (const place of places) {
      const distance = (place.x - px) ** 2 + (place.y - py) ** 2;
      if (distance < least) [nearest, least] = [place, distance];
    }
    for (const one of [mark, words]) one.setAttribute("visibility", nearest ? "visible" : "hidden");
    if (!nearest) return;
    mark.setAttribute("cx", nearest.x);
    mark.setAttribute("cy", nearest.y);
    mark.setAttribute("stroke", nearest.colour);
    words.textContent = nearest.text;
    const half = widthOf(nearest.text) / 2;
    words.setAttribute("text-anchor", "middle");
    words.setAttribute("x", Math.min(width - half - 2, Math.max(half + 2, nearest.x)));
    words.setAttribute("y", nearest.y > 30 ? nearest.y - 10 : nearest.y + 20);
  });
  svg.addEventListener("pointerleave", () => { for (const one of [mark, words]) one.setAttribute("visibility", "hidden"); });
}

/** lines: [{label, title, steps, values, isRunning}] */
export function lineChart({ title, caption = "", xLabel = "step", yLabel = "", lines, height = 240 }) {
  const colour = colouring(lines.map((line) => line.label));
  const series = lines.map((line) => ({
    ...line,
    points: line.steps.map((step, index) => [step, number(line.values[index])]).filter(([, value]) => Number.isFinite(value)),
  })).filter((line) => line.points.length > 0);
  if (series.length === 0) return null;
  const all = series.flatMap((line) => line.points);
  return responsive(title, caption, (width) => {
    const { svg, x, y } = frame(width, height, margins, [Math.min(...all.map(([step]) => step)), Math.max(...all.map(([step]) => step), 1)],
      padded(all.map(([, value]) => value)), xLabel, yLabel, { label: title });
    for (const line of series) {
      const stroke = colour.of(line.label);
      const path = line.points.map(([step, value], index) => `${index ? "L" : "M"}${x(step).toFixed(1)},${y(value).toFixed(1)}`).join("");
      const [lastStep, lastValue] = line.points.at(-1);
      svg.append(s("path", { d: path, fill: "none", stroke, "stroke-width": 1.6, "stroke-opacity": 0.85 },
        s("title", {}, `${line.title ?? line.label}: ${lastValue.toPrecision(4)} at step ${lastStep}`)));
      if (line.isRunning || line.points.length === 1) svg.append(s("circle", { cx: x(lastStep), cy: y(lastValue), r: 3.5, fill: stroke }));
    }
    pointing(svg, series.flatMap((line) => line.points.map(([step, value]) => ({
      x: x(step), y: y(value), colour: colour.of(line.label), text: `${line.title ?? line.label}: ${value.toPrecision(4)} at ${step}`,
    }))), width);
    return svg;
  }, keyOf(colour.entries));
}

const ruler = document.createElement("canvas").getContext("2d");

/** How wide a text of a drawing is. */
function widthOf(text, size = 12) {
  ruler.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

/** A text in lines that fit, broken between words, and within one that is longer than a line. */
function linesOf(text, room, size = 12) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer, size) > room) { lines.push(line); line = word; } else line = longer;
    while (widthOf(line, size) > room && line.length > 1) {
      let count = line.length - 1;
      while (count > 1 && widthOf(line.slice(0, count), size) > room) count--;
      lines.push(line.slice(0, count));
      line = line.slice(count);
    }
  }
  return [...lines, line];
}

const lineHeight = 14;

/** Labels beside rows, in as many lines as they take: `room` is what they take of the width. */
function rowLabels(labels, width, most = 0.42) {
  const widest = Math.min(width * most - 8, Math.max(...labels.map((label) => widthOf(label))));
  const lines = labels.map((label) => linesOf(label, widest));
  const room = Math.max(...lines.flat().map((line) => widthOf(line))) + 8;
  return { room, most: Math.max(...lines.map((one) => one.length)),
    write: (svg, index, y) => lines[index].forEach((line, at) => svg.append(s("text", { x: room - 8, y: y + 4 + lineHeight * (at - (lines[index].length - 1) / 2), "text-anchor": "end" }, line))) };
}

function rowsFrame(figure, labels, width, span, below = 40) {
  const names = rowLabels(labels, width);
  const step = Math.max(26, lineHeight * names.most + 8);
  const height = step * labels.length + below + 10;
  const { svg, x } = frame(width, height, { left: names.room, right: 14, top: 6, bottom: below }, span, [0, 1], figure.xLabel, "", { noY: true, label: figure.title });
  const y = (index) => 6 + step * (index + 0.5);
  labels.forEach((label, index) => names.write(svg, index, y(index)));
  return { svg, x, y, height: height - below };
}

function forest(figure, content) {
  const items = content._0.filter((item) => isNumber(item.value));
  const ends = items.flatMap((item) => [item.value, item.lower, item.upper, ...item.points, 0]).filter(isNumber).map(number);
  const band = content.band;
  if (band) ends.push(-band, band);
  const used = [...new Set(items.map((item) => item.tone))].sort();
  return responsive(figure.title, figure.caption, (width) => {
    const { svg, x, y, height } = rowsFrame(figure, items.map((item) => item.label), width, padded(ends));
    if (band) svg.append(s("rect", { x: x(-band), width: x(band) - x(-band), y: 0, height, fill: "#888888", "fill-opacity": 0.16 }));
    svg.append(s("line", { class: "axis", x1: x(0), x2: x(0), y1: 0, y2: height }));
    items.forEach((item, index) => {
      const colour = tones[item.tone];
      for (const point of item.points.filter(isNumber)) svg.append(s("circle", { cx: x(number(point)), cy: y(index) + 7, r: 1.8, fill: "none", stroke: "#888888" }));
      if (isNumber(item.lower) && isNumber(item.upper)) svg.append(s("line", { x1: x(number(item.lower)), x2: x(number(item.upper)), y1: y(index), y2: y(index), stroke: colour, "stroke-width": 2.5 }));
      svg.append(s("circle", { cx: x(number(item.value)), cy: y(index), r: 4.5, fill: colour }, s("title", {}, `${item.label}: ${number(item.value).toFixed(2)}` + (isNumber(item.lower) ? ` [${number(item.lower).toFixed(2)}, ${number(item.upper).toFixed(2)}]` : ""))));
    });
    return svg;
  }, keyOf(used.map((tone) => [toneNames[tone], tones[tone]])));
}

function bars(figure, content) {
  const items = content._0.filter((item) => isNumber(item.value));
  const ends = items.flatMap((item) => [item.value, item.lower, item.upper, ...item.points]).filter(isNumber).map(number);
  return responsive(figure.title, figure.caption, (width) => {
    const { svg, x, y } = rowsFrame(figure, items.map((item) => item.label), width, padded(ends, { zero: true, bounds: figure.bounds }));
    items.forEach((item, index) => {
      const [from, to] = [x(Math.min(0, number(item.value))), x(Math.max(0, number(item.value)))];
      svg.append(s("rect", { x: from, width: Math.max(0, to - from), y: y(index) - 7, height: 14, fill: item.isReference ? "#888888" : colours[0], "fill-opacity": 0.55 }, s("title", {}, `${item.label}: ${number(item.value).toFixed(2)}`)));
      for (const point of item.points.filter(isNumber)) svg.append(s("circle", { cx: x(number(point)), cy: y(index) + 3, r: 1.8, fill: "none", stroke: "currentColor", "stroke-opacity": 0.7 }));
      if (isNumber(item.lower) && isNumber(item.upper)) svg.append(s("line", { x1: x(number(item.lower)), x2: x(number(item.upper)), y1: y(index), y2: y(index), stroke: "currentColor", "stroke-width": 1.5 }));
    });
    return svg;
  });
}

function points(figure, content) {
  const series = content._0.map((one) => ({ ...one, points: one.points.filter((point) => isNumber(point.x) && isNumber(point.y)) })).filter((one) => one.points.length > 0);
  const colour = colouring(series.map((one) => one.label));
  const all = series.flatMap((one) => one.points);
  const xs = all.map((point) => number(point.x));
  const ys = all.flatMap((point) => [point.y, point.lower, point.upper]).filter(isNumber).map(number);
  const ticks = figure.xTicks.length > 0 ? figure.xTicks : [...new Set(xs)].sort((a, b) => a - b);
  return responsive(figure.title, figure.caption, (width) => {
    const { svg, x, y } = frame(width, 260, margins, [Math.min(...xs, ...ticks), Math.max(...xs, ...ticks)], padded(ys, { bounds: figure.bounds }), figure.xLabel, figure.yLabel,
      { logarithmic: figure.hasLogarithmicX, xValues: ticks.length <= 16 ? ticks : null, label: figure.title });
    for (const one of series) {
      const stroke = colour.of(one.label);
      svg.append(s("path", { d: one.points.map((point, index) => `${index ? "L" : "M"}${x(number(point.x)).toFixed(1)},${y(number(point.y)).toFixed(1)}`).join(""), fill: "none", stroke, "stroke-width": 1.6 }));
      for (const point of one.points) {
        if (isNumber(point.lower) && isNumber(point.upper)) svg.append(s("line", { x1: x(number(point.x)), x2: x(number(point.x)), y1: y(number(point.lower)), y2: y(number(point.upper)), stroke, "stroke-width": 1.2 }));
        svg.append(s("circle", { cx: x(number(point.x)), cy: y(number(point.y)), r: 3, fill: stroke }, s("title", {}, `${one.label}: ${number(point.y).toPrecision(4)}`)));
      }
    }
    return svg;
  }, keyOf(colour.entries));
}

function histograms(figure, content) {
  const items = content._0.map((one) => {
    const total = one.counts.reduce((sum, count) => sum + count, 0) || 1;
    return { ...one, heights: one.counts.map((count, index) => count / total / (one.edges[index + 1] - one.edges[index] || 1)) };
  });
  const edges = items.flatMap((one) => one.edges);
  const colour = colouring(items.map((one) => one.label));
  return responsive(figure.title, figure.caption, (width) => {
    const { svg, x, y } = frame(width, 220, margins, [Math.min(...edges), Math.max(...edges)], figure.bounds ?? padded(items.flatMap((one) => one.heights), { zero: true }), figure.xLabel, figure.yLabel, { label: figure.title });
    for (const one of items) {
      one.heights.forEach((height, index) => svg.append(s("rect", { x: x(one.edges[index]), width: Math.max(0.5, x(one.edges[index + 1]) - x(one.edges[index]) - 0.5), y: y(height), height: Math.max(0, y(0) - y(height)), fill: colour.of(one.label), "fill-opacity": 0.5 })));
    }
    return svg;
  }, keyOf(colour.entries));
}

function confusion(figure, content) {
  const { labels, counts } = content;
  const count = labels.length;
  return responsive(figure.title, figure.caption, (width) => {
    const widest = Math.max(...labels.map((label) => widthOf(label)));
    const room = Math.min(width * 0.32, widest + 8);
    const cell = Math.max(6, Math.min(26, (width - room - 8 - 0.5 * widest) / count));
    const top = Math.min(140, widest * 0.87 + 14);
    const svg = s("svg", { width, height: top + cell * count + 6, role: "img", "aria-label": figure.title });
    const size = Math.min(12, cell * 0.95);
    counts.forEach((row, down) => {
      const sum = row.reduce((total, value) => total + value, 0) || 1;
      const y = top + down * cell;
      const shown = linesOf(labels[down], room - 8, size)[0];
      svg.append(s("text", { x: room - 6, y: y + cell / 2 + size * 0.35, "text-anchor": "end", style: `font-size:${size}px` }, shown === labels[down] ? shown : `${shown.slice(0, -1)}…`, s("title", {}, labels[down])));
      svg.append(s("text", { x: 0, y: 0, transform: `translate(${room + (down + 0.5) * cell + size * 0.35},${top - 6}) rotate(-60)`, style: `font-size:${size}px` }, labels[down]));
      row.forEach((value, across) => {
        svg.append(s("rect", { x: room + across * cell, y, width: cell - 1, height: cell - 1, fill: value === 0 ? "#88888818" : down === across ? "#0072B2" : "#D55E00", "fill-opacity": value === 0 ? 1 : 0.15 + (0.85 * value) / sum },
          s("title", {}, `${labels[down]} taken for ${labels[across]}: ${value} of ${sum}`)));
      });
    });
    return svg;
  });
}

function grid(figure, content) {
  const { down, across, values, isMarked, decimals, isDarkHigh } = content._0;
  const known = values.flat().filter(isNumber).map(number);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return responsive(figure.title, figure.caption, (width) => {
    const names = rowLabels(down, width);
    const cell = Math.min(110, (width - names.room - 4) / across.length);
    const step = Math.max(30, lineHeight * names.most + 8);
    const below = across.map((label) => linesOf(label, cell - 6));
    const most = Math.max(...below.map((lines) => lines.length));
    const bottom = step * down.length;
    const svg = s("svg", { width, height: bottom + lineHeight * most + 32, role: "img", "aria-label": figure.title });
    below.forEach((lines, index) => lines.forEach((line, at) => svg.append(s("text", { x: names.room + (index + 0.5) * cell, y: bottom + 18 + lineHeight * at, "text-anchor": "middle", class: "quiet-text" }, line))));
    svg.append(s("text", { x: names.room + (across.length * cell) / 2, y: bottom + lineHeight * most + 24, "text-anchor": "middle", class: "quiet-text" }, figure.xLabel));
    values.forEach((row, index) => {
      const middle = step * (index + 0.5);
      names.write(svg, index, middle);
      row.forEach((value, column) => {
        if (!isNumber(value)) return;
        let share = (number(value) - low) / (high - low || 1);
        if (!isDarkHigh) share = 1 - share;
        svg.append(s("rect", { x: names.room + column * cell, y: step * index, width: cell - 2, height: step - 2, fill: "#0072B2", "fill-opacity": 0.08 + 0.7 * share }),
          s("text", { x: names.room + (column + 0.5) * cell, y: middle + 4, "text-anchor": "middle" }, number(value).toFixed(decimals) + (isMarked[index][column] ? " •" : "")));
      });
    });
    return svg;
  });
}

/** Values by direction, a closed line a series: 0 at the top, counter-clockwise. */
function circle(figure, content) {
  const series = content._0.map((one) => ({ ...one, points: one.points.filter((point) => isNumber(point.x) && isNumber(point.y)) })).filter((one) => one.points.length > 0);
  const colour = colouring(series.map((one) => one.label));
  const largest = Math.max(1, ...series.flatMap((one) => one.points.map((point) => number(point.y))));
  return responsive(figure.title, figure.caption, (width) => {
    const size = Math.min(width, 380);
    const radius = size / 2 - 34;
    const [cx, cy] = [width / 2, size / 2];
    const place = (angle, length) => [cx - Math.sin((angle * Math.PI) / 180) * length, cy - Math.cos((angle * Math.PI) / 180) * length];
    const scale = radius / (largest * 1.05);
    const svg = s("svg", { width, height: size, role: "img", "aria-label": figure.title });
    for (let angle = -150; angle <= 180; angle += 30) {
      const [x, y] = place(angle, radius);
      svg.append(s("line", { class: "grid", x1: cx, y1: cy, x2: x, y2: y }));
      const [tx, ty] = place(angle, radius + 10);
      const side = Math.abs(tx - cx) < 8 ? "middle" : tx < cx ? "end" : "start";
      svg.append(s("text", { class: "quiet-text", x: tx, y: ty + 4, "text-anchor": side }, angle === 180 ? "±180°" : `${angle}°`.replace("-", "−")));
    }
    const rings = marks(0, largest * 1.05, 4);
    for (const value of rings.values.filter((one) => one > 0)) {
      svg.append(s("circle", { class: "grid", cx, cy, r: value * scale, fill: "none" }),
        s("text", { class: "quiet-text", x: cx + 3, y: cy - value * scale + 12 }, rings.text(value)));
    }
    svg.append(s("circle", { class: "axis", cx, cy, r: radius }));
    for (const one of series) {
      const stroke = colour.of(one.label);
      const at = one.points.map((point) => place(number(point.x), number(point.y) * scale));
      svg.append(s("path", { d: at.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("") + "Z", fill: "none", stroke, "stroke-width": 1.6 }));
      one.points.forEach((point, index) => svg.append(s("circle", { cx: at[index][0], cy: at[index][1], r: 3, fill: stroke }, s("title", {}, `${one.label}: ${number(point.y).toPrecision(3)} at ${number(point.x)}°`))));
    }
    return svg;
  }, keyOf(colour.entries));
}

/** A figure of a report. */
export function figure(value) {
  const [kind, content] = Object.entries(value.content)[0];
  switch (kind) {
    case "forest": return forest(value, content);
    case "bars": return bars(value, content);
    case "points": return points(value, content);
    case "circle": return circle(value, content);
    case "histograms": return histograms(value, content);
    case "confusion": return confusion(value, content);
    case "grid": return grid(value, content);
    case "curves": return lineChart({ title: value.title, caption: value.caption, xLabel: value.xLabel, yLabel: value.yLabel,
      lines: content._0.map((one) => ({ label: one.label, steps: one.points.map((point) => point.x), values: one.points.map((point) => point.y) })) });
    default: return h("p", { class: "quiet" }, `${value.title}: this page cannot draw "${kind}".`);
  }
}

// What a study shows.

/** Dark blue over green to yellow: even steps of lightness, also for most of the colour-blind. */
function shade(value) {
  const stops = [[24, 15, 61], [45, 80, 140], [33, 145, 140], [120, 200, 90], [250, 231, 70]];
  const at = Math.min(3.999, (value / 255) * 4);
  const [from, to] = [stops[Math.floor(at)], stops[Math.floor(at) + 1]];
  return from.map((part, index) => part + (to[index] - part) * (at % 1));
}

function heatMap(exhibit, map) {
  const bytes = Uint8Array.from(atob(map.bytes), (letter) => letter.charCodeAt(0));
  const canvas = h("canvas", { width: map.columns, height: map.rows, role: "img", "aria-label": exhibit.title, style: { height: "9rem" } });
  const context = canvas.getContext("2d");
  const image = context.createImageData(map.columns, map.rows);
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const at = 4 * ((map.rows - 1 - row) * map.columns + column);
      const [red, green, blue] = shade(bytes[row * map.columns + column]);
      image.data.set([red, green, blue, 255], at);
    }
  }
  context.putImageData(image, 0, 0);
  const plain = (value) => String(Math.round(value * 100) / 100).replace("-", "−");
  const ends = (range) => `${plain(range[0])} to ${plain(range[1])}`;
  return h("figure", { class: "drawing" }, h("h3", {}, exhibit.title), canvas,
    h("figcaption", {}, `Across: ${map.xLabel}, ${ends(map.xRange)}; up: ${map.yLabel}, ${ends(map.yRange)}; dark to bright: ${map.low.toFixed(1).replace("-", "−")} to ${map.high.toFixed(1).replace("-", "−")}${map.unit ? ` ${map.unit}` : ""}. ${exhibit.caption}`.trim()));
}

function sketch(exhibit, content) {
  const places = [...content.marks.map((mark) => [mark.x, mark.y]), ...content.lines.flatMap((line) => line.points)];
  const spans = [0, 1].map((axis) => { const values = places.map((place) => place[axis]); return [Math.min(...values), Math.max(...values)]; });
  return responsive(exhibit.title, exhibit.caption, (width) => {
    const scale = Math.min((width - 40) / (spans[0][1] - spans[0][0] || 1), 320 / (spans[1][1] - spans[1][0] || 1));
    const height = (spans[1][1] - spans[1][0]) * scale + 40;
    const x = (value) => 20 + (value - spans[0][0]) * scale;
    const y = (value) => height - 20 - (value - spans[1][0]) * scale;
    const svg = s("svg", { width, height, role: "img", "aria-label": exhibit.title });
    for (const line of content.lines) svg.append(s("path", { d: line.points.map(([a, b], index) => `${index ? "L" : "M"}${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(""), class: "axis", "stroke-dasharray": line.isDashed ? "4 3" : "none" }));
    for (const mark of content.marks) {
      const colour = { microphone: "#0072B2", source: "#D55E00", reference: "#888888" }[mark.kind];
      svg.append(s("circle", { cx: x(mark.x), cy: y(mark.y), r: mark.kind === "source" ? 6 : 4, fill: colour }));
      const isRight = x(mark.x) > width - 9 * mark.label.length - 20;
      if (mark.label) svg.append(s("text", { x: x(mark.x) + (isRight ? -9 : 9), y: y(mark.y) + 4, "text-anchor": isRight ? "end" : "start" }, mark.label));
    }
    return svg;
  });
}

const shapes = [
  { name: "disc", path: "M-3.5,0a3.5,3.5 0 1,0 7,0a3.5,3.5 0 1,0 -7,0Z" }, { name: "square", path: "M-3.3,-3.3H3.3V3.3H-3.3Z" },
  { name: "triangle", path: "M0,-4.5L4.2,3.2H-4.2Z" }, { name: "cross", path: "M-4,-1.3H-1.3V-4H1.3V-1.3H4V1.3H1.3V4H-1.3V1.3H-4Z" }, { name: "diamond", path: "M0,-5L4,0L0,5L-4,0Z" },
];

function scatter(exhibit, items) {
  const byAngle = items.some((item) => isNumber(item.angle));
  const groups = [...new Set(items.map((item) => item.group))].sort();
  const colourOf = (item) => byAngle ? `hsl(${(item.angle + 360) % 360} 70% 50%)` : colours[groups.indexOf(item.group) % colours.length];
  // More classes than colours: those of one colour have different shapes.
  const shapeOf = (item) => (byAngle ? 0 : Math.floor(groups.indexOf(item.group) / colours.length) % shapes.length);
  const key = byAngle ? [-180, -90, 0, 90].map((angle) => [`${angle}°`.replace("-", "−"), `hsl(${(angle + 360) % 360} 70% 50%)`]) : groups.map((group) => [group, colourOf({ group }), shapes[shapeOf({ group })].name]);
  return responsive(exhibit.title, exhibit.caption, (width) => {
    const { svg, x, y } = frame(width, Math.min(420, width), margins, padded(items.map((item) => item.x)), padded(items.map((item) => item.y)), "first component", "second component", { label: exhibit.title });
    for (const item of items) svg.append(s("path", { d: shapes[shapeOf(item)].path, transform: `translate(${x(item.x).toFixed(1)},${y(item.y).toFixed(1)})`, fill: colourOf(item), "fill-opacity": 0.8 }));
    pointing(svg, items.map((item) => ({ x: x(item.x), y: y(item.y), colour: colourOf(item), text: item.label })), width);
    return svg;
  }, keyOf(key));
}

/** What a study shows; `soundAddress(number)` is where a sound is. */
export function exhibit(value, soundAddress) {
  const [kind, content] = Object.entries(value.content)[0];
  switch (kind) {
    case "figure": return figure(content._0);
    case "map": return heatMap(value, content._0);
    case "sketch": return sketch(value, content._0);
    case "scatter": return scatter(value, content._0);
    case "facts": return h("figure", {}, h("h3", {}, value.title), facts(content._0.map((fact) => [fact.name, fact.value])));
    case "sounds": return h("figure", {}, h("h3", {}, value.title), h("div", { class: "sounds" },
      content._0.map((label, index) => h("label", {}, h("span", {}, label), h("audio", { controls: true, preload: "none", src: soundAddress(index) })))),
      h("figcaption", {}, value.caption));
    default: return null;
  }
}

/** pairs: [[name, value, isVaried]] */
export function facts(pairs, isLong = false) {
  return h("dl", { class: isLong ? "facts long" : "facts" }, pairs.map(([name, value, isVaried]) =>
    h("div", { class: isVaried ? "varied" : null }, h("dt", {}, name), h("dd", {}, value))));
}
