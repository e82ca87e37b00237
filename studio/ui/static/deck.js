// The review deck. Runs inside one component with `element` and `server` in scope.
// Everything that came from a model or a person is set as text, never as HTML.

const campaign = new URLSearchParams(location.search).get("campaign") || "";
const root = element.querySelector(".deck");
const SEEN_AFTER_MS = 1000;
const LAST_DECISIONS = 10;
const FILM_POLL_MS = 500;
const SEVERITIES = ["block", "block_until_evidence", "warn", "info"];
const KEYS = [
  ["j", "Next ad"], ["k", "Previous ad"], ["a", "Approve"], ["x", "Reject, with a reason"],
  ["e", "Edit the copy"], ["f", "Make a film, or show film or picture"], ["u", "Take back the last decision"], ["s", "Safe zone on or off"],
  ["g", "Grid or single ad"], ["?", "This list"],
];

const state = {
  deck: null, list: [], current: null, view: "deck", safe: false, editing: false, playing: true,
  filters: { market: "", placement: "", status: "", severity: "" },
  seen: {}, decided: [], pending: 0, filming: {},
};

// ── small tools ──────────────────────────────────────────────────────────────────────────

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

const cardOf = (id) => state.deck.cards.find((card) => card.id === id);
const current = () => state.current && cardOf(state.current);
const languageName = (tag) => new Intl.DisplayNames(["en"], { type: "language" }).of(tag);
const blocking = (card) => card.findings.filter((finding) => finding.severity.startsWith("block"));
const waiting = (card) => card.status === "draft";
const adName = (card) => `${card.market}, ${card.placementName}, ${card.variant}`;

function lengthAs(counter, text) {
  if (counter === "bytes") return new TextEncoder().encode(text).length;
  const visible = [...text].filter((char) => !/[\p{Mn}\p{Me}\p{Cf}]/u.test(char));
  const east = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]/u;
  const wide = visible.filter((char) => east.test(char)).length;
  if (counter === "display_width") return visible.length + wide;
  if (counter === "half_latin") return Math.ceil((visible.length + wide) / 2);
  return visible.length;
}

async function ask(request) {
  state.pending += 1;
  try {
    return await server.deck_action({ campaign, ...request });
  } catch (error) {
    return { error: "The studio didn't answer. Check that it runs and that you are still signed in, then try again." };
  } finally {
    state.pending -= 1;
  }
}

let saved = 0;
function say(message, kind = "done") {
  saved += 1;
  status.className = `deck-status is-${kind}`;
  status.dataset.count = saved;
  status.textContent = message;
  clearTimeout(say.timer);
  if (kind === "done") say.timer = setTimeout(() => { status.className = "deck-status"; }, 4000);
}

// ── what is shown ────────────────────────────────────────────────────────────────────────

const bar = h("div", { class: "deck-bar" });
const body = h("div", { class: "deck-body" });
const actions = h("div", { class: "deck-actions" });
const status = h("div", { class: "deck-status", role: "status", "aria-live": "polite", id: "deck-status" });
root.replaceChildren(bar, body, actions, status);

function passes(card) {
  const { market, placement, status: wanted, severity } = state.filters;
  if (market && card.market !== market) return false;
  if (placement && card.placement !== placement) return false;
  if (wanted && card.status !== wanted) return false;
  if (severity === "clean") return card.findings.length === 0;
  return !severity || card.findings.some((finding) => finding.severity.startsWith(severity));
}

function applyFilters() {
  state.list = state.deck.cards.filter(passes).map((card) => card.id);
  if (!state.list.includes(state.current)) {
    state.current = state.list.find((id) => waiting(cardOf(id))) || state.list[0] || null;
  }
  state.editing = false;
  draw();
}

function draw() {
  drawBar();
  if (state.view === "grid") drawGrid();
  else drawCard();
  drawActions();
}

function chooser(label, name, options) {
  const id = `filter-${name}`;
  const select = h("select", { id, onchange: (event) => { state.filters[name] = event.target.value; applyFilters(); } },
    ...options.map(([value, words]) => h("option", { value, selected: state.filters[name] === value }, words)));
  return h("span", { class: "chooser" }, h("label", { for: id }, label), select);
}

function distinct(pick) {
  return [...new Map(state.deck.cards.map((card) => pick(card))).entries()];
}

function donut(done, total) {
  const around = 2 * Math.PI * 15;
  const svg = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const ring = svg("svg", { viewBox: "0 0 36 36", class: "donut", "aria-hidden": "true" });
  ring.append(
    svg("circle", { cx: 18, cy: 18, r: 15, class: "track" }),
    svg("circle", { cx: 18, cy: 18, r: 15, class: "done", "stroke-dasharray": `${(around * done) / Math.max(total, 1)} ${around}` }));
  return ring;
}

function drawBar() {
  const cards = state.deck.cards;
  const decided = cards.filter((card) => !waiting(card)).length;
  const clean = cards.filter((card) => waiting(card) && !card.findings.length && state.seen[card.id] === card.hash);
  const { review, export: may } = state.deck.rights;
  const approved = cards.filter((card) => ["approved", "live", "paused"].includes(card.status)).length;
  bar.replaceChildren(
    h("div", { class: "deck-progress", id: "deck-progress" }, donut(decided, cards.length),
      h("span", {}, h("b", {}, `${decided} of ${cards.length}`), " decided")),
    h("div", { class: "deck-filters", role: "group", "aria-label": "Filters" },
      chooser("Market", "market", [["", "All markets"], ...distinct((card) => [card.market, card.marketName])]),
      chooser("Placement", "placement", [["", "All placements"], ...distinct((card) => [card.placement, card.placementName])]),
      chooser("Status", "status", [["", "All"], ["draft", "Waiting"], ["approved", "Approved"], ["rejected", "Rejected"], ["live", "Live"]]),
      chooser("Findings", "severity", [["", "All"], ["block", "Blocking"], ["warn", "Warnings"], ["clean", "Clean"]])),
    h("div", { class: "deck-tools" },
      h("button", { class: "button", type: "button", "aria-pressed": String(state.view === "grid"), onclick: toggleGrid }, state.view === "grid" ? "Single ad" : "Grid"),
      review && h("button", { class: "button", type: "button", id: "approve-clean", disabled: !clean.length, title: "Ads without findings that you have looked at", onclick: approveClean }, `Approve ${clean.length} clean`),
      may && h("button", { class: "button primary", type: "button", id: "export", disabled: !approved, onclick: exportAds }, `Export ${approved}`),
      h("button", { class: "button icon", type: "button", "aria-label": "Keys", onclick: showKeys }, "?")));
}

function drawCard() {
  const card = current();
  if (!card) {
    body.className = "deck-body";
    body.replaceChildren(h("section", { class: "empty" },
      h("h2", {}, state.deck.cards.length ? "No ad matches these filters" : "No ads to review yet"),
      h("p", {}, state.deck.cards.length ? "Choose All in a filter above to see more." : "Generate the campaign first; the finished ads arrive here."),
      !state.deck.cards.length && h("a", { class: "button primary", href: `/generate?campaign=${encodeURIComponent(campaign)}` }, "Generate ads")));
    return;
  }
  body.className = "deck-body is-card";
  body.replaceChildren(stage(card), words(card), findings(card), strip(card));
  look(card);
}

function stage(card) {
  const safe = card.safe;
  const inset = [safe.top, safe.right, safe.bottom, safe.left].map((share) => `${share * 100}%`).join(" ");
  return h("section", { class: "stage", "aria-label": "Finished ad" },
    h("div", { class: "ad-room" },
      h("figure", { class: "ad", style: `--ratio:${card.width / card.height}` },
        card.film && state.playing ? player(card) :
          h("img", { src: card.image, width: card.width, height: card.height, alt: `Ad for ${adName(card)}: ${card.gloss.headline}` }),
        h("div", { class: "safe", hidden: !state.safe, style: `inset:${inset}`, "aria-hidden": "true" }))),
    h("div", { class: "stage-foot" },
      h("span", {}, `${card.width} × ${card.height}`),
      ...filmTools(card),
      h("button", { class: "quiet-link", type: "button", "aria-pressed": String(state.safe), onclick: toggleSafe }, state.safe ? "Hide safe zone" : "Show safe zone")));
}

function player(card) {
  const video = h("video", { src: card.film.video, poster: card.image, controls: true, loop: true, playsinline: true, preload: "metadata", width: card.width, height: card.height, "aria-label": `Film for ${adName(card)}`, id: "film" },
    h("track", { kind: "subtitles", src: card.film.subtitles, srclang: card.lang, label: languageName(card.lang), default: true }));
  video.muted = true;
  return video;
}

function filmTools(card) {
  const { film: may } = state.deck.rights;
  const busy = state.filming[card.id] !== undefined;
  if (busy) return [h("label", { class: "filming" }, "Filming ", h("progress", { id: "filming", max: 1, value: state.filming[card.id] }))];
  if (!card.film) return may && card.canFilm ? [h("button", { class: "quiet-link", type: "button", id: "make-film", onclick: makeFilm }, "Make a film")] : [];
  return [
    h("span", {}, card.film.words),
    h("button", { class: "quiet-link", type: "button", id: "show-film", "aria-pressed": String(state.playing), onclick: filmKey }, state.playing ? "Show the picture" : "Show the film"),
    may && h("button", { class: "quiet-link", type: "button", id: "remove-film", onclick: removeFilm }, "Remove the film")];
}

function words(card) {
  const own = { lang: card.lang, dir: card.dir };
  const gloss = languageName(state.deck.glossLanguage);
  const pair = (label, name, literal, kind) => card.words[name] && h("div", { class: `pair ${kind}` },
    h("span", { class: "label" }, label), h("p", { class: "target", ...own }, ...card.marked[name].map(([text, severity]) => severity ? h("mark", { class: `is-${severity}` }, text) : text)),
    literal && literal !== card.words[name] && h("p", { class: "gloss" }, literal));
  const copy = state.editing ? editor(card) : h("div", { class: "copy" },
    pair("Headline", "headline", card.gloss.headline, "headline"),
    pair("Body", "body", card.gloss.body, "body"),
    pair("Description", "description", card.gloss.description, "body"),
    pair("Price", "offer", "", "offer"),
    pair("Call to action", "cta", card.gloss.cta, "cta"),
    pair("Small print", "legal", "", "legal"));
  return h("section", { class: "words", "aria-label": "Copy" },
    h("header", {}, h("span", { class: `pill is-${card.status}`, id: "card-status" }, card.statusWord),
      h("h2", {}, card.marketName), h("p", { class: "quiet" }, `${card.placementName} · ${card.variant} · literal ${gloss} below each line`),
      card.edited && h("p", { class: "edited" }, `Edited by ${card.edited}; what was changed has no literal ${gloss}.`)),
    copy,
    h("div", { class: "why" }, h("h3", {}, `Why “${card.angle}” here`), h("p", {}, card.rationale)),
    card.claims.length > 0 && h("div", { class: "claims" }, h("h3", {}, "Claims and their proof"),
      h("ul", {}, ...card.claims.map((claim) => h("li", {}, claim)))),
    h("details", { class: "more" }, h("summary", {}, "What the optimizer learns from"),
      h("dl", {}, ...card.attributes.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))))));
}

function editor(card) {
  const field = (name, label, rows) => {
    const limit = card.limits[name];
    const counter = h("output", { class: "count" });
    const input = h("textarea", { id: `edit-${name}`, rows, lang: card.lang, dir: card.dir, spellcheck: "true", oninput: () => count() });
    input.value = card.words[name];
    const count = () => {
      if (!limit) return;
      const length = lengthAs(limit.counter, input.value);
      counter.textContent = `${length} of ${limit.recommended}`;
      counter.classList.toggle("over", length > limit.recommended);
    };
    count();
    return h("div", { class: "field" }, h("label", { for: `edit-${name}` }, label, counter), input);
  };
  const form = h("form", { class: "copy editor", onsubmit: (event) => { event.preventDefault(); saveEdit(card, form); },
    onkeydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); if (event.key === "Escape") stopEditing(); } },
    field("headline", "Headline", 2), field("body", "Body", 4), card.limits.description && field("description", "Description", 1), field("cta", "Call to action", 1),
    h("p", { class: "quiet" }, "Saving sets the ad anew and checks it again; earlier approvals no longer count."),
    h("div", { class: "row" }, h("button", { class: "button primary", type: "submit", id: "save-edit" }, "Save and set anew"),
      h("button", { class: "button", type: "button", onclick: stopEditing }, "Cancel")));
  return form;
}

function findings(card) {
  const none = h("p", { class: "clean" }, "Nothing found. All checks passed.");
  const list = h("ul", { class: "finding-list" }, ...card.findings.map((finding) =>
    h("li", { class: `finding is-${finding.severity}` },
      h("div", { class: "finding-head" }, h("b", {}, finding.word), h("span", { class: "quiet" }, [finding.rule, finding.where].filter(Boolean).join(" · "))),
      h("p", {}, finding.message),
      finding.evidence && h("p", { class: "evidence" }, "Found: ", h("q", { lang: card.lang }, h("bdi", {}, finding.evidence))),
      finding.fix && h("p", { class: "fix" }, h("b", {}, "Fix "), finding.fix),
      finding.law && h("p", { class: "law" }, finding.inForce ? `${finding.law}, since ${finding.inForce}` : finding.law))));
  const history = card.verdicts.length > 0 && h("div", { class: "history" }, h("h3", {}, "Decisions"),
    h("ol", {}, ...card.verdicts.map((verdict) => h("li", { class: verdict.current ? "" : "is-void" },
      h("b", {}, verdict.who), ` (${verdict.role}) ${verdict.decision}`,
      verdict.reason && verdict.reason !== "undo" && h("span", {}, `: ${verdict.reason}`),
      h("small", {}, `${verdict.when}${verdict.current ? "" : " · void, the ad was changed since"}`)))));
  return h("section", { class: "findings", "aria-label": "Findings" },
    h("h2", {}, "Findings ", h("span", { class: "tally" }, String(card.findings.length))),
    card.findings.length ? list : none, history);
}

function strip(card) {
  const position = state.list.indexOf(card.id);
  const siblings = state.deck.cards.filter((each) => each.market === card.market && each.variant === card.variant);
  const thumb = (each) => h("button", { class: "thumb", type: "button", "aria-current": each.id === card.id ? "true" : false, "aria-label": `${each.placementName}, ${each.statusWord}`, onclick: () => show(each.id) },
    h("img", { src: each.thumbnail, alt: "", loading: "lazy" }), h("i", { class: `dot is-${each.status}` }), h("span", {}, each.placementName));
  return h("nav", { class: "strip", "aria-label": "Other placements of this variant" },
    h("div", { class: "thumbs" }, ...siblings.map(thumb)),
    h("div", { class: "turn" },
      h("button", { class: "button icon", type: "button", "aria-label": "Previous ad", disabled: position <= 0, onclick: () => step(-1) }, "‹"),
      h("span", { class: "position", id: "deck-position" }, `${position + 1} / ${state.list.length}`),
      h("button", { class: "button icon", type: "button", "aria-label": "Next ad", disabled: position >= state.list.length - 1, onclick: () => step(1) }, "›")));
}

function drawGrid() {
  body.className = "deck-body is-grid";
  const tile = (card) => h("button", { class: "tile", type: "button", "aria-label": `${adName(card)}, ${card.statusWord}`, onclick: () => { state.view = "deck"; show(card.id); } },
    h("img", { src: card.thumbnail, alt: "", loading: "lazy", style: `aspect-ratio:${card.width}/${card.height}` }),
    h("span", { class: "tile-foot" }, h("span", { class: `pill is-${card.status}` }, card.statusWord),
      card.findings.length > 0 && h("span", { class: `weight is-${SEVERITIES.find((severity) => card.findings.some((finding) => finding.severity === severity))}` }, String(card.findings.length))));
  const cards = state.list.map(cardOf);
  const groups = [...new Set(cards.map((card) => card.marketName))];
  body.replaceChildren(...groups.map((market) => h("section", { class: "market-row" }, h("h2", {}, market),
    h("div", { class: "tiles" }, ...cards.filter((card) => card.marketName === market).map(tile)))));
}

function drawActions() {
  const card = current();
  const { review, edit } = state.deck.rights;
  actions.hidden = !card || state.view === "grid";
  if (!card) return;
  const key = (letter) => h("kbd", { "aria-hidden": "true" }, letter);
  const open = waiting(card);
  actions.replaceChildren(
    ...(review ? [
      h("button", { class: "button bad", type: "button", id: "reject", disabled: !["draft", "approved"].includes(card.status), onclick: reject }, "Reject", key("x")),
      h("button", { class: "button", type: "button", id: "undo", onclick: undo }, "Undo", key("u"))] : [
      h("p", { class: "quiet" }, "A reviewer decides about this ad.")]),
    edit && h("button", { class: "button", type: "button", id: "edit", disabled: state.editing, onclick: startEditing }, "Edit copy", key("e")),
    review && h("button", { class: "button good", type: "button", id: "approve", disabled: !open, onclick: approve }, blocking(card).length ? "Approve all the same …" : "Approve", key("a")));
}

// ── moving about ─────────────────────────────────────────────────────────────────────────

function look(card) {
  sessionStorage.setItem(`studio.deck.${campaign}`, card.id);
  clearTimeout(look.timer);
  look.timer = setTimeout(() => { state.seen[card.id] = card.hash; drawBar(); }, SEEN_AFTER_MS);
  const position = state.list.indexOf(card.id);
  for (const id of state.list.slice(position + 1, position + 3)) new Image().src = cardOf(id).image;
}

function show(id) {
  state.current = id;
  state.editing = false;
  draw();
}

function step(by) {
  const position = state.list.indexOf(state.current);
  const id = state.list[Math.min(Math.max(position + by, 0), state.list.length - 1)];
  if (id && id !== state.current) show(id);
}

function toNextWaiting() {
  const position = state.list.indexOf(state.current);
  const ahead = [...state.list.slice(position + 1), ...state.list.slice(0, position)];
  const next = ahead.find((id) => waiting(cardOf(id)));
  if (next) state.current = next;
  state.editing = false;
  draw();
}

function toggleGrid() { state.view = state.view === "grid" ? "deck" : "grid"; draw(); }
function toggleSafe() { state.safe = !state.safe; drawCard(); }
function startEditing() { if (state.deck.rights.edit && current()) { state.editing = true; draw(); root.querySelector("#edit-headline").focus(); } }
function stopEditing() { state.editing = false; draw(); root.querySelector("#edit")?.focus(); }

// ── deciding ─────────────────────────────────────────────────────────────────────────────

function take(answer) {
  if (answer.deck) { state.deck = answer.deck; applyFilters(); }
  for (const card of answer.cards || []) {
    const index = state.deck.cards.findIndex((each) => each.id === card.id);
    state.deck.cards[index] = card;
  }
  if (answer.cards) draw();
  if (answer.message) say(answer.message);
}

async function decide(card, what, reason) {
  const before = { status: card.status, statusWord: card.statusWord };
  Object.assign(card, what === "approve" ? { status: "approved", statusWord: "Approved" } : { status: "rejected", statusWord: "Rejected" });
  state.decided = [...state.decided, card.id].slice(-LAST_DECISIONS);
  toNextWaiting();
  const answer = await ask({ do: what, id: card.id, hash: card.hash, reason });
  if (answer.error) {
    Object.assign(card, before);
    state.decided = state.decided.filter((id) => id !== card.id);
    const fresh = await ask({ do: "load" });
    if (fresh.deck) take(fresh);
    show(card.id);
    say(answer.error, "error");
    return;
  }
  take(answer);
}

function approve() {
  const card = current();
  if (!card || !state.deck.rights.review || !waiting(card)) return;
  const found = blocking(card);
  if (!found.length) { decide(card, "approve", ""); return; }
  const message = found.length === 1 ? found[0].message : `${found.length} findings block this ad.`;
  askReason("Approve although it is blocked", message, "Why it may run all the same", [], "Approve", (reason) => decide(card, "approve", reason));
}

function reject() {
  const card = current();
  if (!card || !state.deck.rights.review || !["draft", "approved"].includes(card.status)) return;
  askReason("Reject this ad", "The reason helps the next draft.", "Reason", state.deck.reasons, "Reject", (reason) => decide(card, "reject", reason));
}

async function undo() {
  if (!state.deck.rights.review || !current()) return;
  const id = state.decided.pop() || state.current;
  const answer = await ask({ do: "undo", id });
  if (answer.error) { say(answer.error, "error"); return; }
  state.current = state.list.includes(id) ? id : state.current;
  take(answer);
}

function filmKey() {
  const card = current();
  if (!card) return;
  if (!card.film) { makeFilm(); return; }
  state.playing = !state.playing;
  drawCard();
}

async function makeFilm() {
  const card = current();
  if (!card || !card.canFilm || !state.deck.rights.film || state.filming[card.id] !== undefined) return;
  state.filming[card.id] = 0;
  state.playing = true;
  drawCard();
  let answer = await ask({ do: "film", id: card.id, hash: card.hash });
  while (answer.progress !== undefined) {
    state.filming[card.id] = answer.progress;
    const bar = root.querySelector("#filming");
    if (bar && state.current === card.id) bar.value = answer.progress;
    await new Promise((then) => setTimeout(then, FILM_POLL_MS));
    answer = await ask({ do: "filming", id: card.id });
  }
  delete state.filming[card.id];
  takeOrSay(answer);
  if (answer.error) drawCard();
}

async function removeFilm() {
  const card = current();
  if (!card || !card.film || !state.deck.rights.film) return;
  takeOrSay(await ask({ do: "unfilm", id: card.id, hash: card.hash }));
}

async function saveEdit(card, form) {
  form.querySelectorAll("button, textarea").forEach((node) => { node.disabled = true; });
  root.querySelector(".ad")?.classList.add("is-busy");
  const value = (name) => form.querySelector(`#edit-${name}`)?.value ?? card.words[name] ?? "";
  const answer = await ask({ do: "edit", id: card.id, hash: card.hash, headline: value("headline"), body: value("body"), cta: value("cta"), description: value("description") });
  root.querySelector(".ad")?.classList.remove("is-busy");
  if (answer.error) {
    form.querySelectorAll("button, textarea").forEach((node) => { node.disabled = false; });
    say(answer.error, "error");
    return;
  }
  state.editing = false;
  take(answer);
}

async function approveClean() {
  takeOrSay(await ask({ do: "approve_clean", seen: state.seen }));
}

async function exportAds() {
  say("Packing …", "busy");
  const answer = await ask({ do: "export" });
  takeOrSay(answer);
  if (answer.download) {
    const link = h("a", { href: answer.download, download: "", id: "download" }, "Download the archive");
    status.append(" · ", link);
    clearTimeout(say.timer);
  }
}

function takeOrSay(answer) {
  if (answer.error) say(answer.error, "error");
  else take(answer);
}

// ── dialogs ──────────────────────────────────────────────────────────────────────────────

function dialog(title, ...children) {
  const box = h("dialog", { class: "deck-dialog", "aria-labelledby": "dialog-title", onclose: () => box.remove(),
    onclick: (event) => { if (event.target === box) box.close(); } },
    h("h2", { id: "dialog-title" }, title), ...children);
  root.append(box);
  box.showModal();
  return box;
}

function askReason(title, message, label, chips, verb, then) {
  const input = h("textarea", { id: "reason", rows: 3, required: true });
  const form = h("form", { method: "dialog", onsubmit: (event) => {
    event.preventDefault();
    if (!input.value.trim()) { input.focus(); return; }
    box.close();
    then(input.value.trim());
  }, onkeydown: (event) => {
    if (event.isComposing) return;
    if (event.target !== input && /^[1-9]$/.test(event.key) && chips[event.key - 1]) { input.value = chips[event.key - 1]; form.requestSubmit(); }
    if (event.key === "Enter" && event.target === input && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
  } },
    h("p", { class: "quiet" }, message),
    chips.length > 0 && h("div", { class: "chips" }, ...chips.map((chip, index) => h("button", { class: "chip", type: "button", onclick: () => { input.value = chip; input.focus(); } }, h("kbd", {}, String(index + 1)), chip))),
    h("label", { for: "reason" }, label), input,
    h("div", { class: "row" }, h("button", { class: "button primary", type: "submit", id: "confirm" }, verb),
      h("button", { class: "button", type: "button", onclick: () => box.close() }, "Cancel")));
  const box = dialog(title, form);
  (form.querySelector(".chip") || input).focus();
}

function showKeys() {
  const box = dialog("Keys", h("dl", { class: "keys" }, ...KEYS.map(([letter, words]) => h("div", {}, h("dt", {}, h("kbd", {}, letter)), h("dd", {}, words)))),
    h("div", { class: "row" }, h("button", { class: "button", type: "button", onclick: () => box.close() }, "Close")));
}

// ── keys ─────────────────────────────────────────────────────────────────────────────────

const DO = { j: () => step(1), k: () => step(-1), a: approve, x: reject, e: startEditing, f: filmKey, u: undo, s: toggleSafe, g: toggleGrid, "?": showKeys };

function onKey(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable=true], dialog");
  if (typing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !state.deck) return;
  if (event.repeat && !["j", "k"].includes(event.key)) return;
  if (!DO[event.key] || root.querySelector("dialog[open]")) return;
  event.preventDefault();
  DO[event.key]();
}

if (window.studioDeckKeys) document.removeEventListener("keydown", window.studioDeckKeys);
window.studioDeckKeys = onKey;
document.addEventListener("keydown", onKey);
window.addEventListener("beforeunload", (event) => { if (state.pending) event.preventDefault(); });

// ── start ────────────────────────────────────────────────────────────────────────────────

(async () => {
  body.replaceChildren(h("p", { class: "quiet loading" }, "Opening the deck …"));
  const answer = await ask({ do: "load" });
  if (answer.error) { body.replaceChildren(h("section", { class: "empty" }, h("h2", {}, "The deck can't be opened"), h("p", {}, answer.error))); return; }
  state.deck = answer.deck;
  state.current = sessionStorage.getItem(`studio.deck.${campaign}`);
  applyFilters();
  root.dataset.ready = "true";
})();
