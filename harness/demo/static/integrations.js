// The CRM sync is begun, then asked for until it has ended; the webhook's deliveries are listed.
const byId = id => document.getElementById(id);
const item = text => Object.assign(document.createElement('li'), {textContent: text});
const pause = ms => new Promise(done => setTimeout(done, ms));

async function list() {
  const jobs = await (await fetch('/api/syncs')).json();
  byId('syncs').replaceChildren(...jobs.map(job => item(`Sync ${job.id}: ${job.message}`)));
}

async function sync() {
  byId('refused').hidden = true;
  const answer = await fetch('/api/sync', {method: 'POST'});
  let job = await answer.json();
  if (!answer.ok) {
    byId('refused').textContent = job.error;
    byId('refused').hidden = false;
    return;
  }
  for (;;) {
    byId('state').textContent = job.message;
    await list();
    if (job.state === 'done' || job.state === 'failed') return;
    await pause(300);
    job = await (await fetch(`/api/jobs/${job.id}`)).json();
  }
}

byId('sync').addEventListener('click', sync);
byId('send').addEventListener('click', async () => {
  const answer = await (await fetch('/api/webhook/test', {method: 'POST'})).json();
  byId('deliveries').replaceChildren(...answer.deliveries.map(attempt => item(attempt === 1 ? 'Delivered' : `Delivered (attempt ${attempt})`)));
});
list();
