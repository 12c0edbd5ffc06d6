// What scrolls, slides and plays.
function defineMoving() {
  define('scroll-view', SLOT, {
    properties: { scrollX: Boolean, scrollY: Boolean, scrollTop: null, scrollLeft: null, scrollIntoView: String, lowerThreshold: null,
      upperThreshold: null, refresherEnabled: Boolean, refresherTriggered: Boolean, enableFlex: Boolean, scrollWithAnimation: Boolean },
    observers: {
      'scrollX, scrollY'() { this.callMethod('draw'); },
      scrollTop(v) { if (this.$$ && v !== undefined && v !== null) this.$$.scrollTop = parseFloat(v); },
      scrollIntoView(v) { if (v) setTimeout(() => document.getElementById(v)?.scrollIntoView(), 0); },
    },
    methods: {
      draw() {
        if (!this.$$) return;
        this.$$.style.overflowX = this.data.scrollX ? 'auto' : 'hidden';
        this.$$.style.overflowY = this.data.scrollY ? 'auto' : 'hidden';
      },
    },
    attached() {
      this.callMethod('draw');
      let atEnd = false;
      this.$$.addEventListener('scroll', () => {
        const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = this.$$;
        this.triggerEvent('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX: 0, deltaY: 0 });
        const near = scrollTop + clientHeight >= scrollHeight - (parseFloat(this.data.lowerThreshold) || 50);
        if (near && !atEnd) this.triggerEvent('scrolltolower', { direction: 'bottom' });
        atEnd = near;
      });
    },
  });
  define('swiper', SLOT, {
    properties: { current: { type: Number, value: 0 }, vertical: Boolean, autoplay: Boolean, indicatorDots: Boolean, circular: Boolean,
      interval: Number, duration: Number },
    observers: { current() { this.callMethod('draw'); }, vertical() { this.callMethod('draw'); } },
    methods: {
      draw() {
        below(this, 'swiper-item').forEach((item, i) => { if (item.$$) item.$$.style.display = i === this.data.current ? 'block' : 'none'; });
      },
      move(by) {
        const count = below(this, 'swiper-item').length;
        const next = this.data.circular ? (this.data.current + by + count) % count
          : Math.max(0, Math.min(count - 1, this.data.current + by));
        if (next === this.data.current) return;
        this.setData({ current: next });
        const told = { current: next, currentItemId: '', source: 'touch' };
        this.triggerEvent('change', told);
        setTimeout(() => this.triggerEvent('animationfinish', told), 10);
      },
    },
    attached() {
      const draw = () => this.callMethod('draw');
      setTimeout(draw, 0);
      this._watch = new MutationObserver(draw);
      this._watch.observe(this.$$, { childList: true });
      let from = null;
      const along = (t) => (this.data.vertical ? t.clientY : t.clientX);
      this.$$.addEventListener('touchstart', (e) => { from = along(e.touches[0]); }, { passive: true });
      this.$$.addEventListener('touchend', (e) => {
        const by = from === null ? 0 : from - along(e.changedTouches[0]);
        if (Math.abs(by) > 40) this.callMethod('move', Math.sign(by));
        from = null;
      });
      this.$$.addEventListener('wheel', (e) => this.callMethod('move', Math.sign(e.deltaY || e.deltaX)), { passive: true });
    },
    detached() { this._watch?.disconnect(); },
  });
  define('video', '<h-video class="mp-video" src="{{url}}" poster="{{poster}}" muted playsinline></h-video><slot/>', {
    properties: { src: String, poster: String, controls: Boolean, autoplay: Boolean, loop: Boolean, muted: Boolean, initialTime: Number,
      objectFit: String, danmuList: Array },
    data: { url: '' },
    observers: { src(v) { this.setData({ url: assetUrl(v, this) }); if (v && this.data.autoplay) setTimeout(() => this.callMethod('play'), 0); } },
    methods: { play() { const film = this._film; if (film) { film.muted = true; film.play().catch(() => {}); } } },
    attached() {
      const film = this._film = this.$$.querySelector('video');
      for (const name of ['play', 'pause', 'ended', 'waiting']) film.addEventListener(name, () => this.triggerEvent(name, {}));
      film.addEventListener('error', () => this.triggerEvent('error', { errMsg: 'MEDIA_ERR_SRC_NOT_SUPPORTED' }));
      film.addEventListener('timeupdate', () => this.triggerEvent('timeupdate', { currentTime: film.currentTime, duration: film.duration }));
      film.addEventListener('loadedmetadata', () =>
        this.triggerEvent('loadedmetadata', { width: film.videoWidth, height: film.videoHeight, duration: film.duration }));
      if (this.data.autoplay && this.data.src) this.callMethod('play');
    },
  });
  define('audio', '<h-audio src="{{src}}"></h-audio>', { properties: { src: String } });
  define('canvas', '<h-canvas></h-canvas><slot/>', { properties: { canvasId: String, type: String } });
}
