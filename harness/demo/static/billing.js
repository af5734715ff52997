// Amounts are shown as the browser's language writes them.
const {settings, mended} = window.orbit;
const format = new Intl.NumberFormat(navigator.language, {minimumFractionDigits: 2, maximumFractionDigits: 2});
for (const cell of document.querySelectorAll('[data-amount]')) cell.textContent = `${format.format(cell.dataset.amount)} ${settings.billing.currency}`;

function owed(cell) {
  if (mended.has('decimal-comma')) return Number(cell.dataset.amount);
  return parseFloat(cell.textContent.replace(/,/g, ''));                         // takes the text for English
}
for (const button of document.querySelectorAll('[data-pay]')) {
  button.addEventListener('click', () => {
    const cells = button.closest('tr').querySelectorAll('[data-amount]');
    document.getElementById('amount').value = owed(cells[2]).toFixed(2);
  });
}

function nextMonth(date) {
  const next = new Date(date);
  if (!mended.has('month-end')) {
    next.setMonth(next.getMonth() + 1);                                          // 31 February is 3 March
    return next;
  }
  const last = new Date(date.getFullYear(), date.getMonth() + 2, 0).getDate();
  return new Date(date.getFullYear(), date.getMonth() + 1, Math.min(date.getDate(), last));
}
function proration(date) {
  const days = new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate();
  const month = mended.has('proration') ? days : 30;                             // every month is taken to have 30 days
  return settings.billing.seat_price * (month - date.getDate()) / month;
}
document.getElementById('seat').addEventListener('click', () => {
  document.getElementById('next').textContent = `Due today for the rest of the month: ${proration(new Date()).toFixed(2)} ${settings.billing.currency}`;
});
document.getElementById('change').addEventListener('click', () => {
  const next = nextMonth(new Date());
  const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'long', year: 'numeric'}).format(next);
  document.getElementById('next').textContent = `Your next invoice is due on ${day}.`;
});
