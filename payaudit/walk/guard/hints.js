  // Speculation rules fetch whole pages past the wire, and a page so fetched is then shown without a request.
  // They are a hint, not a promise: their scripts stay where they are, as they are, and do nothing. One of a
  // page's parser is kept from running until it is complete; put back, a script never runs again.
  const hinting = '|speculationrules|';
  const hushed = new WeakSet();
  const hint = (node) => node instanceof HTMLScriptElement && `|${node.type}|`.toLowerCase().replace(/\s/g, '') === hinting;
  const hush = (script) => {
    if (hushed.has(script) || !hint(script)) return;
    hushed.add(script);
    const [type, parent, next] = [script.getAttribute('type'), script.parentNode, script.nextSibling];
    const back = () => quiet(() => script.setAttribute('type', type));
    script.setAttribute('type', 'text/plain');
    script.remove();
    parent.insertBefore(script, next);
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', back, { once: true });
    else back();
  };
  quiet(() => new MutationObserver((changes) => quiet(() => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      if (hint(node)) hush(node);
      else if (node instanceof Element) node.querySelectorAll('script[type]').forEach(hush);
    }
  })).observe(document, { childList: true, subtree: true }));
