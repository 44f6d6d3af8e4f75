// The map can be filtered and zoomed into. Without this script all of it is shown:
// the tables are what it reads, and nothing of them is put into the page as markup.
(() => {
  "use strict";
  const { range, block, holds, meet, same, spelled } = ipplanRanges;
  const { read, draw } = ipplanLens;
  const BITS_A_STEP = 4; // a click shows a sixteenth of what was shown

  const made = (name, attributes = {}, text = "") => {
    const found = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      found.setAttribute(key, value);
    }
    found.textContent = text;
    return found;
  };
  const counted = (count, noun) =>
    `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  // Where a step leads.
  const common = (ranges, bits) => {
    let found = ranges[0];
    for (const each of ranges) {
      while (!holds(found, each)) found = block(found.first, found.length - 1, bits);
    }
    return found;
  };
  const inwards = (network, view) => {
    const inside = network.subnets.map((e) => e.at).filter((e) => holds(view, e));
    if (!inside.length) return null;
    const all = common(inside, view.bits);
    if (!same(all, view)) return all;
    const half = block(inside[0].first, view.length + 1, view.bits);
    const other = inside.filter((each) => !holds(half, each));
    const first = other.length * 2 > inside.length ? other[0].first : half.first;
    return inside.length > 1 ? block(first, view.length + 1, view.bits) : null;
  };
  const towards = (view, subnet) => {
    const length = Math.min(view.length + BITS_A_STEP, subnet.length);
    return block(subnet.first, Math.max(length, view.length), view.bits);
  };

  const start = (figure) => {
    const networks = [];
    const status = made("p", { class: "map-status", role: "status" });
    const say = (text) => {
      status.textContent = text;
    };

    const crumb = (network, view, path) => {
      const item = made("li");
      const step = made("button", { type: "button" }, spelled(view));
      step.addEventListener("click", () => {
        network.path = path;
        show(network);
      });
      item.append(step);
      network.tools.crumbs.append(item);
    };
    // Of several blocks each can be chosen.
    const offer = (network) => {
      if (network.blocks.length < 2) return;
      network.blocks.forEach((each) => crumb(network, each, [each]));
    };
    const show = (network, focus = true, from = null) => {
      const { section, path, tools } = network;
      const panel = section.querySelector(".map-panel");
      panel.querySelector(".map-lens")?.remove();
      section.classList.toggle("open", path.length > 0);
      if (network.picture) network.picture.toggleAttribute("hidden", path.length > 0);
      tools.crumbs.replaceChildren();
      tools.out.disabled = tools.whole.disabled = path.length === 0;
      if (!path.length) {
        offer(network);
        say("The whole VNet is shown.");
        if (focus) tools.in.focus();
        return;
      }
      path.forEach((each, index) => {
        crumb(network, each, path.slice(0, index + 1));
      });
      tools.crumbs.lastChild.firstChild.setAttribute("aria-current", "true");
      const { svg, count } = draw(network, Math.max(panel.clientWidth, 240));
      panel.append(svg);
      const last = path[path.length - 1];
      tools.in.disabled = !inwards(network, last);
      say(`${spelled(last)}: ${counted(count, "subnet")} shown.`);
      if (!focus) return;
      const spots = [...svg.querySelectorAll("[tabindex]")];
      const left = from && spots.find((e) => meet(range(e.dataset.cidr), from));
      (left || spots[0] || tools.out).focus();
    };
    const go = (network, view) => {
      const last = network.path[network.path.length - 1];
      if (!view || (last && same(last, view))) return;
      network.path.push(view);
      show(network);
    };
    const zoomTo = (network, cidr) => {
      const wanted = range(cidr);
      const home = wanted && network.blocks.find((each) => holds(each, wanted));
      if (!home) return;
      if (!network.path.length) network.path.push(home);
      const last = network.path[network.path.length - 1];
      if (!holds(last, wanted)) network.path = [home];
      const view = network.path[network.path.length - 1];
      const next = towards(view, wanted);
      if (same(next, view)) show(network);
      else go(network, next);
    };
    const enter = (network) => {
      const last = network.path[network.path.length - 1];
      if (last) {
        go(network, inwards(network, last));
        return;
      }
      const full = network.blocks.find((each) =>
        network.subnets.some((subnet) => holds(each, subnet.at)),
      );
      const home = full || network.blocks[0];
      if (!home) return;
      network.path.push(home);
      const inside = network.subnets.map((e) => e.at).filter((e) => holds(home, e));
      const all = inside.length ? common(inside, home.bits) : home;
      if (!same(all, home)) network.path.push(all);
      show(network);
    };
    const leave = (network, whole) => {
      const from = network.path[network.path.length - 1];
      network.path = whole ? [] : network.path.slice(0, -1);
      show(network, true, from);
    };

    const equip = (section) => {
      const network = read(section);
      networks.push(network);
      if (!network.blocks.length) return;
      const name = section.querySelector(".map-name").textContent;
      const bar = made("div", { class: "map-zoom", role: "group" });
      bar.setAttribute("aria-label", `Zoom of ${name}`);
      const button = (text, act) => {
        const found = made("button", { type: "button" }, text);
        found.addEventListener("click", act);
        bar.append(found);
        return found;
      };
      network.tools = {
        in: button("Zoom in", () => enter(network)),
        out: button("Out", () => leave(network, false)),
        whole: button("Whole", () => leave(network, true)),
        crumbs: made("ol", { "aria-label": `Ranges shown of ${name}` }),
      };
      network.tools.out.disabled = network.tools.whole.disabled = true;
      offer(network);
      bar.append(network.tools.crumbs);
      const panel = section.querySelector(".map-panel");
      panel.before(bar);
      const chosen = (event) => {
        const spot = event.target.closest("[data-cidr]");
        if (spot && panel.contains(spot)) zoomTo(network, spot.dataset.cidr);
      };
      panel.addEventListener("click", (event) => {
        const mark = event.target.closest("[data-mark]");
        if (mark) location.hash = `map-m${mark.dataset.mark}`;
        else if (!event.target.closest("a")) chosen(event);
      });
      panel.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        if (!event.target.closest("[data-cidr]")) return;
        event.preventDefault();
        chosen(event);
      });
      section.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && network.path.length) leave(network, false);
      });
    };
    figure.querySelectorAll(".map-network").forEach(equip);

    // Only what matches is shown.
    const find = made("input", { type: "search", placeholder: "name or CIDR" });
    const only = made("input", { type: "checkbox" });
    const matches = (wanted, text, ranges) => {
      const at = /[.:]/.test(wanted) ? range(wanted) : null;
      return text.includes(wanted) || (at && ranges.some((each) => meet(each, at)));
    };
    const tileOf = (spot) => {
      const tile = spot.parentNode;
      const several = tile.querySelectorAll("[data-cidr]").length > 1;
      return several || tile.tagName !== "g" ? spot : tile;
    };
    const sieve = () => {
      const wanted = find.value.trim().toLowerCase();
      let [shown, subnets] = [0, 0];
      for (const network of networks) {
        const named = !wanted || network.text.includes(wanted);
        const dim = new Set();
        let found = 0;
        for (const subnet of network.rows) {
          const ranges = subnet.at ? [subnet.at] : [];
          const hit = named || matches(wanted, subnet.text, ranges);
          const kept = hit && (!only.checked || subnet.marks.length > 0);
          subnet.row.hidden = !hit;
          if (kept) found += 1;
          else dim.add(subnet.cidr);
        }
        const inSpace = matches(wanted, "", network.blocks);
        const hit = named || found > 0 || inSpace;
        network.section.hidden = !hit || (only.checked && !network.conflicts);
        network.section.querySelectorAll("svg [data-cidr]").forEach((each) => {
          tileOf(each).classList.toggle("map-dim", dim.has(each.dataset.cidr));
        });
        if (!network.section.hidden) {
          shown += 1;
          subnets += found;
        }
      }
      say(`${counted(shown, "VNet")}, ${counted(subnets, "subnet")} shown.`);
    };
    let waiting = 0;
    find.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(sieve, 120);
    });
    only.addEventListener("change", sieve);
    find.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        find.value = "";
        sieve();
      }
    });

    const tools = made("div", { class: "map-tools", role: "search" });
    tools.setAttribute("aria-label", "Filter of the map");
    const asked = made("label", {}, "Find ");
    asked.append(find);
    const limited = made("label");
    limited.append(only, " only conflicts");
    tools.append(asked);
    if (figure.querySelector(".map-findings")) tools.append(limited);
    tools.append(status);
    figure.querySelector(".map-place-of-tools").replaceWith(tools);

    let resized = 0;
    window.addEventListener("resize", () => {
      clearTimeout(resized);
      resized = setTimeout(() => {
        networks
          .filter((each) => each.path.length)
          .forEach((each) => show(each, false));
      }, 150);
    });
    // A number in a picture leads to its finding.
    figure.addEventListener("click", (event) => {
      const mark = event.target.closest("svg [data-mark]");
      if (mark && !mark.closest(".map-panel")) {
        location.hash = `map-m${mark.dataset.mark}`;
      }
    });
  };
  document.querySelectorAll(".map-figure").forEach(start);
})();
