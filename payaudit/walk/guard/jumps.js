  // Ways out of the browser that no wire sees: custom schemes are cancelled here and reported, so that no
  // other program is asked for; WebTransport and WebRTC are reported (the browser's switches stop them).
  const Link = W.URL;
  const protocol = getOwnPropertyDescriptor(Link.prototype, 'protocol').get;
  const away = (url) => {
    const text = quiet(() => `${url}`, '');
    const scheme = quiet(() => apply(protocol, new Link(text, 'https://relative.invalid/'), []), '');
    return scheme && !first(S.web, (known) => `${known}:` === scheme) ? text : null;
  };
  const target = (element) => quiet(() => `${element.target || document.querySelector('base[target]')?.target || ''}`, '');
  const leaves = (name) => name !== '' && name !== '_self';

  quiet(() => W.navigation.addEventListener('navigate', (event) => {
    const url = away(event.destination.url);
    if (!url) return;
    if (event.cancelable) event.preventDefault();
    report('navigate', quiet(() => event.formData && { fields: [...event.formData.entries()] }) ?? {}, url);
  }));
  W.addEventListener('click', (event) => {
    const link = quiet(() => event.composedPath().find((at) => at instanceof Element && at.matches('a[href],area[href]')));
    const url = link && leaves(target(link)) && away(link.href);
    if (url) { event.preventDefault(); report('link', {}, url); }
  }, true);

  const submitted = (form) => {
    const url = leaves(target(form)) && away(quiet(() => form.getAttribute('action')));
    if (url) report('form', { fields: quiet(() => [...new FormData(form).entries()], []) }, url);
    return url;
  };
  W.addEventListener('submit', (event) => { if (submitted(event.target)) event.preventDefault(); }, true);
  const around = (owner, name, handler) => quiet(() => {
    const before = getOwnPropertyDescriptor(owner, name);
    if (before && callable(before.value)) defineProperty(owner, name, { ...before, value: new Px(before.value, { apply: handler }) });
  });
  around(HTMLFormElement.prototype, 'submit', (fn, form, args) => (submitted(form) ? undefined : apply(fn, form, args)));
  around(W, 'open', (fn, me, args) => {
    const url = away(args[0]);
    if (url) { report('window.open', {}, url); return null; }
    return apply(fn, me, args);
  });
  around(HTMLElement.prototype, 'click', (fn, me, args) => {
    const url = quiet(() => me instanceof HTMLAnchorElement && !me.isConnected && leaves(target(me)) && away(me.href), null);
    return url ? report('link', {}, url) : apply(fn, me, args);
  });
  around(Element.prototype, 'setAttribute', (fn, me, args) => {
    const url = quiet(() => me instanceof HTMLIFrameElement && /^src$/i.test(`${args[0]}`) && away(args[1]), null);
    return url ? report('iframe', {}, url) : apply(fn, me, args);
  });
  quiet(() => {
    const before = getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'src');
    defineProperty(HTMLIFrameElement.prototype, 'src', { ...before, set(value) {
      const url = away(value);
      return url ? report('iframe', {}, url) : apply(before.set, this, [value]);
    } });
  });

  const watched = (name, urls) => {
    const native = W[name];
    if (!callable(native)) return;
    const front = new Px(native, { construct(fn, args, made) {
      quiet(() => { for (const url of urls(args)) report(name, {}, url); });
      return construct(fn, args, made);
    } });
    quiet(() => defineProperty(W, name, { configurable: true, enumerable: false, writable: true, value: front }));
  };
  watched('WebTransport', (args) => [`${args[0]}`]);
  watched('RTCPeerConnection', (args) => (args[0]?.iceServers ?? []).flatMap((server) => [server.urls ?? server.url].flat())
    .map((url) => `https://${`${url}`.replace(/^(stuns?|turns?):/, '').replace(/\?.*$/, '')}/`));
