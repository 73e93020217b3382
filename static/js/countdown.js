// Shows the time left by the server's clock. The page works without it: the server judges the deadline.
//
// <p class="clock" role="timer" data-deadline="1763647200" data-now="1763646078.4"
//    data-five="5 minutes left" data-one="1 minute left" data-end="Time is up"><b class="num" data-left>18:42</b></p>
// data-deadline and data-now are epoch seconds of the server; of this device only spans of time are used, never what its
// clock says. A page that slept, or a clock that was set meanwhile, asks the server ([data-sentences][data-clock]).
// The timer itself is silent; the three sentences are said once each, in a live region made here.

const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const running = new Set();
let first = true;

export function startCountdown(clock) {
  if (clock.dataset.ready) return;
  clock.dataset.ready = "yes";
  const run = { clock, region: liveRegion(clock), shown: clock.querySelector("[data-left]") ?? clock, before: Infinity };
  aim(run, clock.dataset, first ? Date.now() - arrived : 0); // a region swapped in later was rendered just now
  first = false;
  running.add(run);
  run.timer = setInterval(() => tick(run), 500);
  tick(run);
}

// told: {deadline, now} of the server, just arrived.
export function syncClock(told) {
  for (const run of running) {
    aim(run, told, 0);
    tick(run);
  }
}

function aim(run, { deadline, now }, age) {
  run.left = Number(deadline) - Number(now) - age / 1000;
  [run.wall, run.steady] = [Date.now(), performance.now()];
}

function tick(run) {
  if (!run.clock.isConnected) return stop(run);
  const wall = Date.now() - run.wall, steady = performance.now() - run.steady;
  if (Math.abs(wall - steady) > 2000) askAgain(); // it slept, or somebody set the clock
  const spent = wall < 0 || wall - steady > 86_400_000 ? steady : wall; // sleep stops the steady clock, not the other
  const left = Math.max(0, Math.ceil(run.left - spent / 1000)), text = words(left);
  if (run.shown.textContent !== text) run.shown.textContent = text;
  announce(run, left);
  if (left === 0) stop(run, true);
}

function announce(run, left) {
  const { five, one, end } = run.clock.dataset;
  const due = [[300, five], [60, one], [0, end]].filter(([at]) => left <= at && at < run.before).pop();
  if (due?.[1] && (run.before !== Infinity || left === due[0] || left === 0)) run.region.textContent = due[1];
  run.before = left;
}

function stop(run, over = false) {
  clearInterval(run.timer);
  running.delete(run);
  if (!over || !source()) return;
  dispatchEvent(new Event("time-up")); // what was typed in the last seconds goes off
  setTimeout(askAgain, 1500);
}

const source = () => document.querySelector("[data-sentences]")?.dataset.clock;
let asked = -Infinity;

async function askAgain() {
  if (!source() || performance.now() - asked < 1400) return;
  asked = performance.now();
  try {
    const answer = await fetch(source(), { signal: AbortSignal.timeout?.(10_000) });
    if (!answer.ok || answer.redirected) return;
    const told = await answer.json();
    if (told.state === document.querySelector("[data-sentences]").dataset.state) return syncClock(told);
    dispatchEvent(new Event("stays"));
    location.reload(); // the page says what counts now
  } catch { /* offline: asked again when it is back */ }
}

for (const moment of ["pageshow", "online"]) addEventListener(moment, event => { if (moment === "online" || event.persisted) askAgain(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") askAgain(); });

function words(seconds) {
  const two = n => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function liveRegion(clock) {
  clock.setAttribute("aria-live", "off");
  const region = document.createElement("span");
  region.className = "hidden";
  region.setAttribute("role", "status");
  clock.after(region);
  return region;
}
