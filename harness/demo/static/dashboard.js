// The dashboard's figures. `orbit.mended` names the defects that this instance does not have.
const {settings, mended} = window.orbit;
const money = amount => new Intl.NumberFormat(navigator.language, {style: 'currency', currency: settings.billing.currency}).format(amount);

function today() {
  const now = new Date();
  if (!mended.has('tomorrow')) return now.toISOString().slice(0, 10);          // the date in Greenwich
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(n => String(n).padStart(2, '0')).join('-');
}
document.getElementById('day').textContent = `Figures of ${today()}`;

function element(tag, text, attributes = {}) {
  const made = Object.assign(document.createElement(tag), {textContent: text});
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function draw(canvas, series) {
  canvas.width = 560; canvas.height = 140;
  const digits = new Intl.NumberFormat('en', {style: 'currency', currency: settings.billing.currency}).resolvedOptions().maximumFractionDigits;
  const unit = mended.has('empty-chart') ? 1 : digits / 2;                       // no minor unit: 0, and every height infinite
  const context = canvas.getContext('2d');
  context.fillStyle = '#3056d3';
  series.forEach((value, place) => { const height = value * 4 / unit; context.fillRect(place * 78 + 8, 140 - height, 56, height); });
}

async function revenue() {
  const answer = await (await fetch('/api/revenue')).json();
  const label = settings.features.new_dashboard ? answer.regional.label : 'All regions';
  const chart = element('canvas', '', {role: 'img', 'aria-label': 'Revenue chart'});
  document.getElementById('revenue').replaceChildren(
    element('h2', 'Revenue'), element('p', label), element('p', money(answer.total), {class: 'total'}), chart);
  draw(chart, answer.series);
}

async function recent() {
  const place = document.getElementById('recent');
  const answer = await fetch('/api/invoices');
  if (!answer.ok) {
    place.replaceChildren(element('h2', 'Recent invoices'), element('p', 'The invoices could not be loaded.', {role: 'alert', class: 'alert'}));
    return;
  }
  const list = element('ul', '', {'aria-label': 'Recent invoices'});
  for (const each of await answer.json()) list.append(element('li', `${each.number}: ${money(each.total)}`));
  place.replaceChildren(element('h2', 'Recent invoices'), list);
}

revenue();
recent();
