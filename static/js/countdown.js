// Shows the time left by the server's clock. The page works without it: the server judges the deadline.
//
// <p class="clock" role="timer" data-deadline="1763647200" data-now="1763646078.4"
//    data-five="5 minutes left" data-one="1 minute left" data-end="Time is up"><b class="num" data-left>18:42</b></p>
// data-deadline and data-now are epoch seconds of the server. The timer itself is silent;
// the three sentences are said once each, in a live region made here.

const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
let first = true;

export function startCountdown(clock) {
  if (clock.dataset.ready) return;
  clock.dataset.ready = "yes";
  const shown = clock.querySelector("[data-left]") ?? clock;
  const region = liveRegion(clock);
  const seen = first ? arrived : Date.now(); // a region swapped in later was rendered just now
  first = false;
  const total = Number(clock.dataset.deadline) - Number(clock.dataset.now);
  const moments = [[300, clock.dataset.five], [60, clock.dataset.one], [0, clock.dataset.end]];
  let before = Infinity;

  const tick = () => {
    if (!clock.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.ceil(total - (Date.now() - seen) / 1000));
    const text = words(left);
    if (shown.textContent !== text) shown.textContent = text;
    const due = moments.filter(([at]) => left <= at && at < before).pop();
    if (due?.[1] && (before !== Infinity || left === due[0] || left === 0)) region.textContent = due[1];
    before = left;
    if (left === 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 500);
  tick();
}

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
