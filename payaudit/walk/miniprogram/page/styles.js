// One <style> for each page and component, on only while a page on show uses it.
const sheets = Object.create(null);

function allComponentsOf(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const at of Object.values(componentsOf(path))) {
    const component = findComponent(path, at);
    if (component) allComponentsOf(component, found);
  }
  return found;
}

async function sheetOf(path) {
  const style = document.createElement('style');
  style.dataset.of = path;
  sheets[path] = style;
  const scope = path === 'app' ? '' : styleScope(path);
  if (MP.compiled) {
    style.textContent = MP.compiledCss(path, scope);
  } else {
    const answer = await nativeFetch(`/__payaudit/style?path=${encodeURIComponent(path)}&scope=${scope}`);
    style.textContent = await answer.text();
  }
  document.head.append(style);
}

async function showStyles(path) {
  const wanted = new Set(['app', ...[...allComponentsOf(path)].reverse()]);
  for (const each of wanted) {
    if (!sheets[each] && (MP.compiled || MP.files[`${each}.wxss`] !== undefined)) await sheetOf(each);
  }
  for (const each in sheets) sheets[each].media = wanted.has(each) ? 'all' : 'not all';
}
