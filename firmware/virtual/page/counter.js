// The hands and eyes of whoever looks at the virtual terminal: everything goes through its interface.
"use strict";

const at = (id) => document.getElementById(id);
const seen = { screen: -1, papers: -1, signals: -1 };

let last = Promise.resolve();

// What hands do arrives in the order in which they did it, however quick they are.
function act(path, body) {
  const done = last.then(() => ask(path, body));
  last = done.catch(() => {});
  return done;
}

async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

// A number of things in words: `data-none`, `data-one`, `data-many` on the element.
function count(element, n) {
  const form = n === 0 ? "none" : n === 1 ? "one" : "many";
  element.textContent = (element.dataset[form] ?? "").replace("{n}", n);
}

// ── the screen ──────────────────────────────────────────────────────────────────────────────────

async function showScreen(version) {
  const picture = new Image();
  picture.src = `/screen.png?v=${version}`;
  const [screen] = await Promise.all([ask("/screen.json"), picture.decode()]);
  if (version !== seen.screen) return; // a newer one is on its way
  at("picture").src = picture.src;
  document.documentElement.dataset.outcome = screen.outcome;
  showWidgets(screen);
}

// The picture's widgets as real buttons: for the keyboard, and for those who can't see the picture.
function showWidgets(screen) {
  const before = new Map([...at("widgets").children].map((one) => [one.dataset.key, one]));
  let place = at("widgets").firstElementChild;
  for (const widget of screen.widgets) {
    if (!widget.enabled || !widget.label) continue;
    const { x, y, width, height } = widget.rectangle;
    const key = [widget.label, x, y].join("|");
    const button = before.get(key) ?? document.createElement("button");
    before.delete(key);
    button.dataset.key = key;
    button.type = "button";
    button.setAttribute("aria-label", widget.label);
    const share = (part, whole) => `${(100 * part) / whole}%`;
    button.style.left = share(x, screen.width);
    button.style.top = share(y, screen.height);
    button.style.width = share(width, screen.width);
    button.style.height = share(height, screen.height);
    if (button === place) place = place.nextElementSibling; // who stays is not touched
    else at("widgets").insertBefore(button, place);
  }
  for (const gone of before.values()) gone.remove();
}

function tap(x, y) {
  const frame = at("picture").getBoundingClientRect();
  const { width, height } = document.documentElement.dataset;
  act("/tap", {
    x: Math.floor(((x - frame.left) * width) / frame.width),
    y: Math.floor(((y - frame.top) * height) / frame.height),
  }).catch(() => {}); // beside every widget: nothing happens, as on glass
}

// Where the finger leaves the glass: a click would be lost if its button changed under the finger.
at("screen").addEventListener("pointerup", (event) => {
  if (event.button === 0) tap(event.clientX, event.clientY);
});

at("screen").addEventListener("click", (event) => {
  if (event.detail !== 0) return; // a finger's, done already
  const button = event.target.getBoundingClientRect();
  tap(button.left + button.width / 2, button.top + button.height / 2);
});

// ── cards ───────────────────────────────────────────────────────────────────────────────────────

async function scan(code) {
  at("wrong").textContent = "";
  at("slot").classList.add("reading");
  setTimeout(() => at("slot").classList.remove("reading"), 250);
  try {
    await act("/scan", { code });
  } catch (error) {
    at("wrong").textContent = error.message;
  }
}

function drawCards(cards) {
  at("cards").replaceChildren(...cards.map((card) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = card.kind;
    button.title = card.code;
    const name = document.createElement("b");
    name.textContent = card.label;
    const kind = document.createElement("small");
    kind.textContent = at("cards").dataset[card.kind] ?? "";
    button.append(name, kind, bars(card.code));
    button.addEventListener("click", () => scan(card.code));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

// Bars that stand for the code; the scanner gets the code itself.
function bars(code) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  let x = 0;
  let drawn = "";
  for (const letter of code.slice(0, 13)) {
    const bits = (letter.codePointAt(0) * 37) % 127;
    for (let bit = 0; bit < 7; bit += 1, x += 1) if ((bits >> bit) & 1) drawn += `M${x} 0h1v20h-1z`;
  }
  svg.setAttribute("viewBox", `0 0 ${Math.max(x, 1)} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", drawn);
  svg.append(path);
  return svg;
}

at("type").addEventListener("submit", (event) => {
  event.preventDefault();
  scan(at("code").value);
  at("code").select();
});

// ── paper ───────────────────────────────────────────────────────────────────────────────────────

function showPapers({ first, count: n }) {
  const fresh = seen.papers >= 0;
  for (let number = Math.max(first, seen.papers + 1); number <= n; number += 1) {
    const picture = document.createElement("img");
    picture.src = `/paper/${number}.png`;
    picture.alt = `${at("papers").dataset.alt} ${number}`;
    const item = document.createElement("li");
    if (fresh) item.className = "new";
    item.append(picture);
    at("papers").prepend(item);
  }
  while (at("papers").children.length > 20) at("papers").lastChild.remove();
  seen.papers = n;
  count(at("paper-word"), n);
}

at("conditions").addEventListener("click", (event) => {
  if (event.target.value) act("/printer", { condition: event.target.value });
});

// ── light and sound ─────────────────────────────────────────────────────────────────────────────

let steady = "off";
let goingOut;
let voice;

async function showSignals(n) {
  const old = seen.signals;
  seen.signals = n;
  const signals = await ask("/signals.json");
  for (const signal of signals.signals) {
    if (signal.light && signal.light_ms === null) steady = signal.light;
  }
  shine(steady);
  const last = signals.signals.at(-1);
  if (!last || old < 0) return;
  if (last.light && last.light_ms !== null) {
    at("lamp").style.setProperty("--lit", last.colour);
    shine(last.light);
    clearTimeout(goingOut);
    goingOut = setTimeout(() => shine(steady), last.light_ms);
  }
  if (last.tones.length) {
    at("sound-word").textContent = at("sound-word").dataset[last.cue];
    beep(last.tones);
  }
}

function shine(light) {
  at("lamp").dataset.light = light;
  at("lamp-word").textContent = at("lamp-word").dataset[light];
}

function beep(tones) {
  if (!voice) return;
  let start = voice.currentTime;
  for (const { frequency_hz: pitch, length_ms: length } of tones) {
    const tone = voice.createOscillator();
    const quiet = voice.createGain();
    quiet.gain.value = 0.08;
    tone.frequency.value = pitch;
    tone.connect(quiet).connect(voice.destination);
    tone.start(start);
    tone.stop(start + length / 1000);
    start += (length + 40) / 1000;
  }
}

at("beeps").addEventListener("click", () => {
  voice = voice ? void voice.close() : new AudioContext();
  at("beeps").setAttribute("aria-pressed", String(Boolean(voice)));
});

// ── network and the rest ────────────────────────────────────────────────────────────────────────

at("network").addEventListener("click", () => {
  act("/network", { up: at("network").getAttribute("aria-pressed") !== "true" });
});

function showState(state) {
  at("place").textContent = [state.merchant, state.shop].filter(Boolean).join(" · ");
  at("network").setAttribute("aria-pressed", String(state.network));
  const word = at("network-word");
  word.textContent = state.network ? word.dataset.up : word.dataset.down;
  count(at("waiting"), state.waiting);
  at("waiting").classList.toggle("some", state.waiting > 0);
  for (const button of at("conditions").children) {
    button.setAttribute("aria-pressed", String(button.value === state.printer));
  }
  document.querySelector(".machine").classList.toggle("repair", state.printer !== "ready");
  if (state.fitted) document.documentElement.style.setProperty("--shop", state.fitted);
}

function listen() {
  const events = new EventSource("/events");
  events.onmessage = (event) => {
    at("away").hidden = true;
    const now = JSON.parse(event.data);
    if (now.screen !== seen.screen) {
      seen.screen = now.screen;
      showScreen(now.screen).catch(() => {});
    }
    if (now.papers.count !== seen.papers) showPapers(now.papers);
    if (now.signals !== seen.signals) showSignals(now.signals);
    showState(now.state);
  };
  events.onerror = () => {
    at("away").hidden = false;
    seen.screen = seen.signals = -1; // it may be another life of the terminal
    if (seen.papers >= 0) {
      seen.papers = -1;
      at("papers").replaceChildren();
    }
  };
}

ask("/cards.json").then((found) => drawCards(found.cards));
listen();
