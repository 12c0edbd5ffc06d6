// What the host lays over a page: a question, a list to choose from, a passing note.
function layer(className) {
  const veil = document.createElement('div');
  veil.className = `mp-veil ${className}`;
  veil.setAttribute('role', 'dialog');
  veil.setAttribute('aria-modal', 'true');
  const box = document.createElement('div');
  box.className = 'mp-box-of-layer';
  veil.append(box);
  document.body.append(veil);
  return [veil, box];
}
function part(parent, className, text, role) {
  const element = document.createElement('div');
  element.className = className;
  if (role) element.setAttribute('role', role);
  element.textContent = text;
  parent.append(element);
  return element;
}
const openLayers = [];
/** Where back is pressed while a layer stands, it is answered as WeChat does: cancelled. */
function closeTopLayer() { openLayers.pop()?.(); }

function question({ title = '', content = '', confirmText = '确定', cancelText = '取消', confirmColor, cancelColor, showCancel = true, editable, placeholderText }) {
  return new Promise((resolve) => {
    const [veil, box] = layer('mp-question');
    if (title) part(box, 'mp-question-title', title);
    const body = part(box, 'mp-question-text', editable ? '' : content);
    const input = editable ? document.createElement('input') : null;
    if (input) { input.placeholder = placeholderText ?? ''; input.value = content; body.append(input); }
    const row = part(box, 'mp-question-row', '');
    const end = (confirm) => {
      veil.remove();
      openLayers.splice(openLayers.indexOf(away) >>> 0, 1);
      resolve({ confirm, cancel: !confirm, content: input ? input.value : null });
    };
    const away = () => end(false);
    openLayers.push(away);
    if (showCancel) {
      const no = part(row, 'mp-no', cancelText, 'button');
      if (cancelColor) no.style.color = cancelColor;
      no.addEventListener('click', away);
    }
    const yes = part(row, 'mp-yes', confirmText, 'button');
    if (confirmColor) yes.style.color = confirmColor;
    yes.addEventListener('click', () => end(true));
  });
}

/** Choose one of a list; null where it was cancelled. */
function chooseOf(items, title) {
  return new Promise((resolve) => {
    const [veil, box] = layer('mp-choices');
    const end = (value) => { veil.remove(); openLayers.splice(openLayers.indexOf(away) >>> 0, 1); resolve(value); };
    const away = () => end(null);
    openLayers.push(away);
    if (title) part(box, 'mp-choices-title', title);
    items.forEach((item, i) => part(box, 'mp-choice', String(item), 'button').addEventListener('click', () => end(i)));
    part(box, 'mp-choice mp-choice-cancel', '取消', 'button').addEventListener('click', away);
    veil.addEventListener('click', (e) => { if (e.target === veil) away(); });
  });
}

let noteTimer = 0;
function passingNote(text, milliseconds) {
  const note = byId('mp-note');
  clearTimeout(noteTimer);
  note.textContent = text;
  note.hidden = !text;
  if (text && milliseconds) noteTimer = setTimeout(() => { note.hidden = true; }, milliseconds);
}
