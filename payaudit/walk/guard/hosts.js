  // What the host app or the browser itself provides, in our version.
  if (S.host === 'wechat') {
    const OK = { getNetworkType: 'network_type:wifi' };
    const pays = (tree.members.WeixinJSBridge?.members?.invoke?.only) ?? [];
    const invoke = (name, args, back) => {
      const said = `${name}`;
      if (first(pays, (p) => fits(p, said))) return refuse(`WeixinJSBridge.invoke:${said}`, said, [args, back], null);
      return void answer(callable(args) ? args : back, { err_msg: OK[said] ?? `${said}:ok`, errMsg: `${said}:ok` });
    };
    const bridge = { invoke: api.native((name, args, back) => quiet(() => invoke(name, args, back))), call: api.native(idle), on: api.native(idle), log: api.native(idle), publish: api.native(idle), subscribe: api.native(idle) };
    api.own('WeixinJSBridge', Object.freeze(bridge));
    document.addEventListener('DOMContentLoaded', () => document.dispatchEvent(new Event('WeixinJSBridgeReady')));
  }
  if (S.host === 'douyin') {
    const asked = (name) => api.native((...args) => refuse(`tt.${name}`, name, args, null));
    const tt = W.tt ?? {};
    for (const name of Object.keys(tree.members.tt?.members ?? {})) if (!(name in tt)) quiet(() => { tt[name] = asked(name); });
    W.tt = tt;
    W.ToutiaoJSBridge ??= { call: api.native((name, args, back) => void answer(back, { code: 0 })), on: api.native(idle) };
  }
  if (W.PaymentRequest) {
    const Native = W.PaymentRequest;
    class PaymentRequest extends EventTarget {
      #methods; #details; #options;
      constructor(methods, details, options) {
        if (arguments.length < 2) throw new TypeError(`Failed to construct 'PaymentRequest': 2 arguments required, but only ${arguments.length} present.`);
        super();
        [this.#methods, this.#details, this.#options] = [methods, details, options];
        this.id = quiet(() => `${details.id ?? ''}`, '');
        this.shippingAddress = this.shippingOption = this.shippingType = null;
      }
      show(update) {
        const args = { methods: this.#methods, details: this.#details, options: this.#options ?? null };
        const told = (details) => report('PaymentRequest.show', { ...args, details: { ...args.details, ...details } });
        quiet(() => (update && callable(update.then) ? apply(then, resolve(update), [told, () => told()]) : told()));
        return reject(new Dom('The user closed the Payment Request UI.', 'AbortError'));
      }
      abort() { return reject(new Dom('No show() in progress.', 'InvalidStateError')); }
      canMakePayment() { return resolve(true); }
      hasEnrolledInstrument() { return resolve(true); }
    }
    quiet(() => { if (Native.securePaymentConfirmationAvailability) PaymentRequest.securePaymentConfirmationAvailability = () => resolve('unavailable-unknown-reason'); });
    api.own('PaymentRequest', api.native(PaymentRequest));
  }
  if (quiet(() => /iPhone|iPad/.test(navigator.userAgent), false)) {
    class ApplePaySession extends EventTarget {
      #request; #ended = false;
      constructor(version, request) { super(); this.#request = request; }
      static supportsVersion() { return true; }
      static canMakePayments() { return true; }
      static canMakePaymentsWithActiveCard() { return resolve(true); }
      static applePayCapabilities() { return resolve({ paymentCredentialStatus: 'paymentCredentialsAvailable' }); }
      static get STATUS_SUCCESS() { return 0; }
      static get STATUS_FAILURE() { return 1; }
      begin() {
        if (this.#ended) return;
        this.#ended = true;
        report('ApplePaySession.begin', { request: this.#request });
        later(() => quiet(() => {
          const event = new Event('cancel');
          this.dispatchEvent(event);
          if (callable(this.oncancel)) this.oncancel(event);
        }), 0);
      }
      abort() { this.#ended = true; }
      completePayment() {} completeMerchantValidation() {} completePaymentMethodSelection() {}
      completeShippingContactSelection() {} completeShippingMethodSelection() {} completeCouponCodeChange() {}
    }
    api.own('ApplePaySession', api.native(ApplePaySession));
  }
