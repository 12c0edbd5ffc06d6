"""WeChat DevTools, driven over its automation port: a mini-program where its makers test it."""
