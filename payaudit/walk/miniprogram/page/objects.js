// Objects of the API that live on: players, advertisements, canvases; what does nothing here says so.

/** An object of which every member can be called; `does` are the members that do something. */
function inert(name, does = {}, told = true) {
  return new Proxy(does, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || key === 'then' || key === 'toJSON') return target[key];
      return () => { if (told && !/^(on|off)[A-Z]/.test(key)) gap('api', `${name}.${key}`, 'does nothing here'); };
    },
    set(target, key, value) { target[key] = value; return true; },
  });
}

API.createVideoContext = (id) => {
  const film = () => document.getElementById(id)?.querySelector('video');
  return inert('VideoContext', {
    play() { const v = film(); if (v) { v.muted = true; v.play().catch(() => {}); } },
    pause() { film()?.pause(); },
    stop() { film()?.pause(); },
    seek(to) { const v = film(); if (v) v.currentTime = to; },
  }, false);
};

/** An advertisement that rewards: whether it was watched to its end is the walk's choice. */
API.createRewardedVideoAd = (options) => {
  const heard = { close: [], error: [], load: [] };
  const say = (kind, value) => heard[kind].slice().forEach((fn) => { try { fn(value); } catch (error) { failed('advertisement', error); } });
  const off = (kind) => (fn) => { heard[kind] = fn ? heard[kind].filter((f) => f !== fn) : []; };
  return {
    async load() { say('load'); },
    async show() {
      const answer = await host('RewardedVideoAd.show', options);
      if (answer.ok) { setTimeout(() => say('close', answer.ok), 0); return; }
      const error = { errCode: 1004, errMsg: 'no advertisement' };
      say('error', error);
      throw error;
    },
    onLoad: (fn) => heard.load.push(fn), onClose: (fn) => heard.close.push(fn), onError: (fn) => heard.error.push(fn),
    offLoad: off('load'), offClose: off('close'), offError: off('error'), destroy() {},
  };
};
API.createInterstitialAd = (options) => inert('InterstitialAd', {
  load: async () => {}, show: async () => { await host('InterstitialAd.show', options); },
}, false);

API.createAnimation = () => {
  const animation = new Proxy({}, { get: (_, key) => (key === 'export' ? () => ({ actions: [] }) : () => animation) });
  return animation;
};
for (const [name, called] of Object.entries({
  createInnerAudioContext: false, getBackgroundAudioManager: false, getRecorderManager: false, getRealtimeLogManager: false, getLogManager: false,
  createMapContext: true, createCameraContext: true, createLivePlayerContext: true, createLivePusherContext: true, connectSocket: true,
  getFileSystemManager: true,
})) API[name] = () => inert(name, {}, called);
API.createCanvasContext = () => inert('CanvasContext', { measureText: (text) => ({ width: 10 * String(text).length }) });
API.createOffscreenCanvas = (options) => Object.assign(document.createElement('canvas'), { width: options?.width ?? 300, height: options?.height ?? 150 });
API.reportEvent = API.reportMonitor = API.reportAnalytics = () => {};
API.cloud = inert('cloud', {
  init() {},
  callFunction: method('cloud.callFunction', (o) => asked('cloud.callFunction', o)),
  callContainer: method('cloud.callContainer', (o) => asked('cloud.callContainer', o)),
});
