// Inputs, boxes, switches, pickers and the form that gathers them.
function defineForms() {
  const field = {
    properties: { value: { type: null, value: '' }, type: String, password: Boolean, placeholder: String, placeholderClass: String,
      placeholderStyle: String, disabled: Boolean, maxlength: { type: Number, value: 140 }, focus: Boolean, confirmType: String,
      name: String, cursorSpacing: Number, autoHeight: Boolean, adjustPosition: Boolean },
    observers: { value(v) { if (this._input && this._input.value !== String(v ?? '')) this._input.value = v ?? ''; } },
    attached() {
      const input = this._input = this.$$.querySelector('input,textarea');
      input.value = this.data.value ?? '';
      input.addEventListener('input', () => {
        this.setData({ value: input.value });
        this.triggerEvent('input', { value: input.value, cursor: input.value.length, keyCode: 0 });
      });
      for (const name of ['focus', 'blur', 'change']) {
        input.addEventListener(name, () => this.triggerEvent(name, { value: input.value, height: 0 }));
      }
      input.addEventListener('keydown', (e) => { if (e.key === 'Enter') this.triggerEvent('confirm', { value: input.value }); });
    },
  };
  define('input', '<h-input class="mp-input" type="{{password ? \'password\' : \'text\'}}" placeholder="{{placeholder}}" '
    + 'maxlength="{{maxlength}}" disabled="{{disabled}}"></h-input>', field);
  define('textarea', '<h-textarea class="mp-input" placeholder="{{placeholder}}" disabled="{{disabled}}"></h-textarea>', field);
  defineBox('checkbox', 'checkbox-group');
  defineBox('radio', 'radio-group');
  defineBox('switch', '');
  define('checkbox-group', SLOT, { properties: { name: String } });
  define('radio-group', SLOT, { properties: { name: String } });
  define('label', SLOT, {
    properties: { for: String },
    attached() {
      this.addListener('tap', (e) => {
        if (/^host\/(checkbox|radio|switch)$/.test(e.target?.is ?? '')) return;
        below(this, 'checkbox', 'radio', 'switch')[0]?.callMethod('toggle');
      });
    },
  });
  define('form', SLOT, {
    properties: { reportSubmit: Boolean },
    methods: {
      submit() {
        const value = {};
        const kinds = ['input', 'textarea', 'switch', 'checkbox-group', 'radio-group', 'picker', 'slider'];
        for (const part of below(this, ...kinds)) {
          if (!part.data.name) continue;
          const kind = part.is.slice(5);
          const ticked = below(part, 'checkbox', 'radio').filter((b) => b.data.checked).map((b) => b.data.value);
          value[part.data.name] = { switch: !!part.data.checked, 'checkbox-group': ticked, 'radio-group': ticked[0] ?? '' }[kind] ?? part.data.value;
        }
        this.triggerEvent('submit', { value, formId: '' });
      },
      reset() { this.triggerEvent('reset', {}); },
    },
  });
  define('picker', SLOT, {
    properties: { mode: { type: String, value: 'selector' }, range: Array, rangeKey: String, value: null, disabled: Boolean,
      start: String, end: String, name: String },
    attached() {
      this.$$?.setAttribute('role', 'button');
      this.addListener('tap', async () => {
        const { mode, range, rangeKey, disabled } = this.data;
        if (disabled) return;
        if (mode !== 'selector') { gap('component', `picker mode=${mode}`, 'only lists of one column are drawn'); return; }
        const chosen = await chooseOf(range.map((r) => (rangeKey ? r[rangeKey] : r)), '');
        if (chosen === null) this.triggerEvent('cancel', {});
        else { this.setData({ value: chosen }); this.triggerEvent('change', { value: chosen }); }
      });
    },
  });
  define('slider', '<h-input type="range" min="{{min}}" max="{{max}}" value="{{value}}"></h-input>', {
    properties: { min: Number, max: { type: Number, value: 100 }, value: Number, step: Number, name: String },
    attached() {
      const input = this.$$.querySelector('input');
      input.addEventListener('input', () => this.triggerEvent('changing', { value: +input.value }));
      input.addEventListener('change', () => { this.setData({ value: +input.value }); this.triggerEvent('change', { value: +input.value }); });
    },
  });
}

/** A box, a radio button or a switch; its state is told to the screen as ARIA. */
function defineBox(name, group) {
  define(name, '<h-i class="mp-box {{checked ? \'on\' : \'\'}}"></h-i><slot/>', {
    properties: { value: String, checked: Boolean, disabled: Boolean, color: String, name: String, type: String },
    observers: { checked() { this.callMethod('draw'); } },
    methods: {
      draw() { this.$$?.setAttribute('aria-checked', String(!!this.data.checked)); },
      toggle() {
        if (this.data.disabled) return;
        const owner = group && above(this, group);
        if (name === 'radio') {
          if (this.data.checked) return;
          for (const other of owner ? below(owner, 'radio') : []) other.setData({ checked: other === this });
        }
        this.setData({ checked: name === 'radio' ? true : !this.data.checked });
        if (name === 'switch') this.triggerEvent('change', { value: this.data.checked });
        else {
          const ticked = owner ? below(owner, name).filter((b) => b.data.checked).map((b) => b.data.value) : [];
          owner?.triggerEvent('change', { value: name === 'radio' ? this.data.value : ticked });
        }
      },
    },
    attached() {
      this.$$?.setAttribute('role', name);
      this.callMethod('draw');
      this.addListener('tap', () => this.callMethod('toggle'));
    },
  });
}
