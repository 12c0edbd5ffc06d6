// Runs in every frame of a replay before the page: chance is the same in every replay.
(() => {
  'use strict';
  let state = 0x2f6e2b1;
  const next = () => {  // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const random = { random() { return next() / 4294967296; } }.random;
  Math.random = random;
  const fill = { getRandomValues(array) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = next() & 255;
    return array;
  } }.getRandomValues;
  // Playwright's clock leaves this one running from another moment in each document.
  const since = performance.now(), now = performance.now.bind(performance);
  performance.now = { now() { return now() - since; } }.now;
  const proto = globalThis.Crypto?.prototype;
  if (!proto) return;
  proto.getRandomValues = fill;
  if (proto.randomUUID) proto.randomUUID = { randomUUID() {
    const hex = Array.from({ length: 32 }, () => (next() & 15).toString(16));
    hex[12] = '4'; hex[16] = (8 + (next() & 3)).toString(16);
    return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([a, b]) => hex.slice(a, b).join('')).join('-');
  } }.randomUUID;
})();
