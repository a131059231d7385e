/* Choosing the square of a photo. Without this script it is the middle of the picture. */

const form = document.querySelector("[data-photo]");
const { file, across, down, closer } = form.elements;
const crop = form.querySelector("[data-crop]");
const preview = form.querySelector("[data-preview]");
const canvas = preview.getContext("2d");
let picture;

/** The square as the server will cut it: its side, and the room that is left beside it. */
function square() {
  const side = (Math.min(picture.width, picture.height) * 100) / closer.value;
  return { side, wide: picture.width - side, high: picture.height - side };
}

function draw() {
  if (!picture) return;
  const { side, wide, high } = square();
  canvas.fillStyle = "white";
  canvas.fillRect(0, 0, preview.width, preview.height);
  const left = (wide * across.value) / 100;
  const upper = (high * down.value) / 100;
  canvas.drawImage(picture, left, upper, side, side, 0, 0, preview.width, preview.height);
}

async function choose() {
  picture?.close();
  picture = undefined;
  for (const range of [across, down, closer]) range.value = range.defaultValue;
  const [chosen] = file.files;
  try {
    if (chosen) picture = await createImageBitmap(chosen);
  } catch {
    // no picture that this browser can show: the server says what it thinks of it
  }
  crop.hidden = !picture;
  draw();
}

/** Dragging moves the picture under the circle. */
function drag(start) {
  if (!picture) return;
  const { side, wide, high } = square();
  const from = { across: Number(across.value), down: Number(down.value) };
  const pixels = side / preview.clientWidth;
  const move = (event) => {
    if (wide) across.value = from.across - ((event.clientX - start.clientX) * pixels * 100) / wide;
    if (high) down.value = from.down - ((event.clientY - start.clientY) * pixels * 100) / high;
    draw();
  };
  preview.setPointerCapture(start.pointerId);
  preview.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) {
    preview.addEventListener(end, () => preview.removeEventListener("pointermove", move), { once: true });
  }
}

file.addEventListener("change", choose);
form.addEventListener("input", draw);
preview.addEventListener("pointerdown", drag);
if (file.files.length) choose();
