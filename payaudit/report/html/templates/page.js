"use strict";
(() => {
  const html = document.documentElement;
  const buttons = [...document.querySelectorAll("input[name=language]")];
  const stored = () => { try { return localStorage.getItem("payaudit-language"); } catch { return null; } };
  const keep = (language) => { try { localStorage.setItem("payaudit-language", language); } catch { /* a file on a stick */ } };
  const apply = (language) => { html.lang = language; };
  for (const button of buttons) {
    button.addEventListener("change", () => { apply(button.value); keep(button.value); });
  }
  // The reader's language; without scripts that of the market stays chosen.
  const told = stored() ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  const wanted = buttons.find((button) => button.value === told);
  if (wanted) { wanted.checked = true; }
  apply((buttons.find((button) => button.checked) ?? buttons[0]).value);

  // What is folded away is printed too.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) { each.open = true; }
  });
  addEventListener("afterprint", () => { for (const each of opened) { each.open = false; } });

  // Escape puts an enlarged step back.
  addEventListener("keydown", (event) => {
    const close = event.key === "Escape" && document.querySelector(".step:target .close");
    if (close) { close.click(); }
  });
})();
