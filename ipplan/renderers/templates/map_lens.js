// What is in a network by its table, and a view of a range of it.
const ipplanLens = (() => {
  "use strict";
  const { range, holds, meet, spelled, place } = ipplanRanges;
  const SVG = "http://www.w3.org/2000/svg";
  const FILLS = ["reserved", "used", "growth", "free"];
  const LEAST = 3; // smaller rectangles are drawn this large [px]
  const MOST_HIGH = 600; // a view of a range [px]
  const LABEL = 12; // height of labels [px]

  const drawn = (name, attributes = {}, text = "") => {
    const found = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      found.setAttribute(key, value);
    }
    found.textContent = text;
    return found;
  };

  // What rows say of a network, read when somebody asks for it.
  const subnetOf = (row) => {
    const { cidr, name, fill } = row.dataset;
    return {
      row,
      at: range(cidr),
      cidr,
      name,
      fill: fill ? fill.split(" ").map(Number) : null,
      marks: [...row.querySelectorAll('a[href^="#map-m"]')],
      text: row.textContent.toLowerCase(),
    };
  };
  const read = (section) => {
    const rows = [...section.querySelectorAll(".map-rows [data-cidr]")].map(subnetOf);
    const listed = (name) =>
      [...section.querySelectorAll(`.${name} code`)].flatMap((each) =>
        each.textContent.split(",").map(range),
      );
    const heading = section.querySelector(".map-head");
    return {
      section,
      subnets: rows.filter((each) => each.at),
      rows,
      blocks: listed("map-space").filter(Boolean),
      free: listed("map-unallocated").filter(Boolean),
      text: heading.textContent.toLowerCase(),
      picture: section.querySelector(".map-panel svg"),
      conflicts: section.querySelector('a[href^="#map-m"]') !== null,
      path: [],
    };
  };

  // The view of a range, drawn anew each time, so that labels keep their size.
  const room = (width) => Math.floor((width - 8) / (LABEL * 0.6));
  const short = (text, width) => {
    const most = room(width);
    if (text.length <= most) return text;
    return most > 4 ? `${text.slice(0, most - 1)}…` : "";
  };
  const either = (cidr, width) => {
    const [, length] = cidr.split("/");
    return [cidr, `/${length}`].find((each) => each.length <= room(width)) || "";
  };
  const label = (group, spot, lines) => {
    const many = Math.max(Math.floor((spot.height - 4) / (LABEL + 3)), 0);
    lines
      .filter((line) => line.text)
      .slice(0, many)
      .forEach((line, index) => {
        const at = { x: spot.x + 4, y: spot.y + 3 + (index + 1) * (LABEL + 1) };
        const kind = `map-lens-label ${line.kind}`;
        group.append(drawn("text", { class: kind, ...at }, line.text));
      });
  };
  // What is taken stands at the bottom, as in the picture of the whole.
  const bands = (group, spot, fill) => {
    const whole = fill.reduce((sum, each) => sum + each, 0) || 1;
    let y = spot.y + spot.height;
    fill.forEach((each, index) => {
      const height = (spot.height * each) / whole;
      y -= height;
      if (!each) return;
      const box = { x: spot.x, y, width: spot.width, height };
      group.append(drawn("rect", { class: `m-${FILLS[index]}`, ...box }));
    });
  };
  const isLater = (subnet) => subnet.at.bits === 128; // nobody counts addresses of IPv6
  const told = (subnet) => {
    const fill = subnet.fill
      ? FILLS.map((each, i) => `${subnet.fill[i].toLocaleString("en")} ${each}`)
      : [isLater(subnet) ? "of IPv6" : "what it holds is unknown"];
    const marks = subnet.marks.map((each) => each.textContent).join(", ");
    const conflict = marks ? `, conflicts: ${marks}` : "";
    return `${subnet.name} ${subnet.cidr}: ${fill.join(", ")}${conflict}`;
  };
  const drawSubnet = (svg, subnet, view, size) => {
    const at = holds(subnet.at, view) ? view : subnet.at;
    const spot = place(at, view, size.width, size.height);
    spot.width = Math.max(spot.width - 1, LEAST);
    spot.height = Math.max(spot.height - 1, LEAST);
    const group = drawn("g", {
      class: "map-lens-subnet",
      role: "button",
      tabindex: "0",
      "aria-label": told(subnet),
      "data-cidr": subnet.cidr,
    });
    group.append(drawn("title", {}, told(subnet)));
    if (subnet.fill) bands(group, spot, subnet.fill);
    else {
      const kind = isLater(subnet) ? "m-free" : "m-unknown";
      group.append(drawn("rect", { class: kind, ...spot }));
    }
    group.append(drawn("rect", { class: "m-subnet", ...spot }));
    if (subnet.marks.length) group.append(drawn("rect", { class: "m-marked", ...spot }));
    const numbers = subnet.marks.map((each) => each.textContent).join(" ");
    const { width } = spot;
    const left = subnet.fill ? `${subnet.fill[3].toLocaleString("en")} free` : "unknown";
    label(group, spot, [
      { text: short(numbers && `⚠ ${numbers}`, width), kind: "mark" },
      { text: short(subnet.name, width), kind: "name" },
      { text: either(subnet.cidr, width), kind: "cidr" },
      { text: isLater(subnet) ? "" : short(left, width), kind: "cidr" },
    ]);
    svg.append(group);
  };
  const drawFree = (svg, at, view, size) => {
    const spot = place(at, view, size.width, size.height);
    const group = drawn("g", { "data-cidr": spelled(at) });
    group.append(drawn("rect", { class: "m-space", ...spot }));
    label(group, spot, [{ text: either(spelled(at), spot.width), kind: "cidr" }]);
    svg.append(group);
  };
  // The largest block is a square, and each half of one is twice as wide as high.
  const sizeOf = (network, view, width) => {
    const lengths = network.blocks
      .filter((each) => each.bits === view.bits)
      .map((each) => each.length);
    const isWide = (view.length - Math.min(...lengths)) % 2;
    const side = Math.min(width, MOST_HIGH);
    if (!isWide) return { width: side, height: side };
    const wide = Math.min(width, 2 * MOST_HIGH);
    return { width: wide, height: wide / 2 };
  };
  const draw = (network, width) => {
    const view = network.path[network.path.length - 1];
    const size = sizeOf(network, view, width);
    const svg = drawn("svg", {
      class: "map-lens",
      role: "group",
      "aria-label": `Inside ${spelled(view)}`,
      viewBox: `0 0 ${size.width} ${size.height}`,
      width: size.width,
      height: size.height,
    });
    const within = network.subnets.filter((each) => meet(each.at, view));
    network.free
      .filter((each) => holds(view, each))
      .forEach((each) => drawFree(svg, each, view, size));
    within.forEach((each) => drawSubnet(svg, each, view, size));
    return { svg, count: within.length };
  };

  return { read, draw };
})();
