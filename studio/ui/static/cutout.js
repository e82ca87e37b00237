// A frame drawn on the original asks the server to cut within it.
const LEAST = 0.02;
let drawn = null;

const place = (event, image) => {
  const box = image.getBoundingClientRect();
  const within = (value, length) => Math.min(1, Math.max(0, value / length));
  return [within(event.clientX - box.left, box.width), within(event.clientY - box.top, box.height)];
};

const edges = ([x, y], [u, v]) =>
  ({ left: Math.min(x, u), top: Math.min(y, v), right: Math.max(x, u), bottom: Math.max(y, v) });

const show = (frame, { left, top, right, bottom }) => {
  frame.hidden = false;
  const shares = { left, top, width: right - left, height: bottom - top };
  for (const [name, share] of Object.entries(shares)) frame.style[name] = `${share * 100}%`;
};

element.addEventListener("pointerdown", (event) => {
  const canvas = event.target.closest(".cut-canvas");
  if (!canvas || event.button !== 0) return;
  const image = canvas.querySelector("img");
  drawn = { image, frame: canvas.querySelector(".cut-frame"), from: place(event, image) };
  canvas.setPointerCapture(event.pointerId);
  event.preventDefault();
});

element.addEventListener("pointermove", (event) => {
  if (drawn) show(drawn.frame, edges(drawn.from, place(event, drawn.image)));
});

element.addEventListener("pointerup", (event) => {
  if (!drawn) return;
  const frame = edges(drawn.from, place(event, drawn.image));
  drawn = null;
  if (frame.right - frame.left < LEAST || frame.bottom - frame.top < LEAST) return;
  element.querySelector(".cut-preview").classList.add("is-busy");
  trigger("select", frame);
});

element.addEventListener("pointercancel", () => { drawn = null; });
