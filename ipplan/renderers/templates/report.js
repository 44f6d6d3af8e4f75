(() => {
  "use strict";
  const table = document.getElementById("rooms");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const tools = document.querySelector(".tools");
  const input = document.getElementById("filter");
  const told = document.getElementById("filtered");

  const filter = () => {
    const wanted = input.value.trim().toLowerCase().split(/\s+/);
    let left = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((each) => text.includes(each));
      left += row.hidden ? 0 : 1;
    }
    told.textContent = input.value.trim() ? `${left} of ${rows.length}` : "";
  };
  input.addEventListener("input", filter);
  tools.hidden = rows.length < 2;

  const key = (row, column, numeric) => {
    const text = row.cells[column].textContent.trim();
    if (!numeric) {
      return text;
    }
    const found = Number.parseFloat(text.replaceAll(",", "").replace("\u2212", "-"));
    return Number.isNaN(found) ? null : found;
  };
  const order = (first, second) => {
    if (first === null || second === null) {
      return (first === null) - (second === null);
    }
    return typeof first === "number"
      ? first - second
      : first.localeCompare(second, "en", { numeric: true });
  };
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sorter";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      const numeric = head.classList.contains("n");
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row) => [key(row, column, numeric), row]);
      keyed.sort((a, b) => {
        const unknown = a[0] === null || b[0] === null;
        return down && !unknown ? order(b[0], a[0]) : order(a[0], b[0]);
      });
      body.append(...keyed.map(([, row]) => row));
    });
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((each) => {
      each.open = true;
    });
  });
  addEventListener("afterprint", () => {
    opened.forEach((each) => {
      each.open = false;
    });
  });
})();
