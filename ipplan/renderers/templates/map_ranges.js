// Ranges: their first address as a number, whatever the family.
const ipplanRanges = (() => {
  "use strict";
  const words = (part) => (part ? part.split(":") : []);
  const address6 = (text) => {
    const [head, tail, ...more] = text.split("::");
    if (more.length) return null;
    const [first, last] = [words(head), words(tail)];
    if (first.length + last.length > 8) return null;
    const gap = text.includes("::") ? 8 - first.length - last.length : 0;
    const all = [...first, ...Array(gap).fill("0"), ...last];
    if (all.length !== 8 || !all.every((each) => /^[0-9a-f]{1,4}$/i.test(each))) {
      return null;
    }
    return all.reduce((sum, each) => (sum << 16n) | BigInt(`0x${each}`), 0n);
  };
  const address4 = (text) => {
    const parts = text.split(".");
    if (parts.length !== 4 || !parts.every((e) => /^\d{1,3}$/.test(e) && e < 256)) {
      return null;
    }
    return parts.reduce((sum, each) => (sum << 8n) | BigInt(each), 0n);
  };
  const range = (text) => {
    const [start, length, ...more] = text.trim().split("/");
    if (more.length) return null;
    const bits = start.includes(":") ? 128 : 32;
    const number = bits === 128 ? address6(start) : address4(start);
    if (number === null || (length !== undefined && !/^\d{1,3}$/.test(length))) {
      return null;
    }
    const long = length === undefined ? bits : Number(length);
    return long > bits ? null : block(number, long, bits);
  };
  const block = (number, length, bits) => {
    const rest = BigInt(bits - length);
    return { first: (number >> rest) << rest, length, bits };
  };
  const holds = (outer, inner) =>
    outer.bits === inner.bits &&
    outer.length <= inner.length &&
    block(inner.first, outer.length, outer.bits).first === outer.first;
  const meet = (one, other) => holds(one, other) || holds(other, one);
  const same = (one, other) => holds(one, other) && holds(other, one);
  const spelled = (each) => {
    if (each.bits === 32) {
      const parts = [24n, 16n, 8n, 0n].map((by) => (each.first >> by) & 255n);
      return `${parts.join(".")}/${each.length}`;
    }
    const parts = Array.from({ length: 8 }, (_, index) =>
      ((each.first >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
    );
    const zeros = /(?:^|:)0(?::0)+(?::|$)/g;
    const runs = parts.join(":").match(zeros) || [];
    const longest = runs.sort((a, b) => b.length - a.length)[0];
    const text = parts.join(":");
    return `${longest ? text.replace(longest, "::") : text}/${each.length}`;
  };
  // Where a range stands in another one: cut in halves, the longer side first.
  const place = (inner, outer, width, height) => {
    const found = { x: 0, y: 0, width, height };
    for (let bit = outer.length; bit < inner.length; bit += 1) {
      const upper = (inner.first >> BigInt(inner.bits - 1 - bit)) & 1n;
      if (found.width > found.height) {
        found.width /= 2;
        if (upper) found.x += found.width;
      } else {
        found.height /= 2;
        if (upper) found.y += found.height;
      }
    }
    return found;
  };

  return { range, block, holds, meet, same, spelled, place };
})();
