// The picture itself, which every view shows a copy of: tiles that the kernel sends are painted on it.
function sheetOf(panel) {
  const canvas = document.createElement("canvas");
  let painted = Promise.resolve();

  async function paint(message, buffers) {
    if (message.size && (canvas.width !== message.size[0] || canvas.height !== message.size[1])) {
      [canvas.width, canvas.height] = message.size;
    }
    const context = canvas.getContext("2d");
    if (message.encoding === "raw") {
      const bytes = new Uint8ClampedArray(buffers[0].buffer, buffers[0].byteOffset, buffers[0].byteLength);
      let at = 0;
      for (const [x, y, w, h] of message.tiles) {
        context.putImageData(new ImageData(bytes.subarray(at, at + 4 * w * h), w, h), x, y);
        at += 4 * w * h;
      }
    } else if (message.tiles.length) {
      const [x, y, w, h] = message.tiles[0];
      const image = await createImageBitmap(new Blob([buffers[0]], {type: "image/png"}));
      context.clearRect(x, y, w, h);
      context.drawImage(image, x, y);
    }
    panel.show({...message, first: false});
  }

  // Frames one after the other, whatever goes wrong with one; the promise of this one's being there.
  function frame(message, buffers) {
    painted = painted.then(() => paint(message, buffers)).catch(console.error);
    return painted;
  }

  // The frames that came with the picture itself: one is there although the kernel may be busy with other cells.
  async function begin() {
    const [view] = panel.views, w = view ? view.width() : 0, far = ({css}) => Math.abs(Math.log(css[0] / w));
    const [frame] = [...panel.model.get("first")].sort((a, b) => far(a) - far(b));
    if (panel.last.css || !frame || w < 50) return;
    panel.show({...frame, png: undefined, first: true});               // words and table have their place at once
    const image = await createImageBitmap(new Blob([frame.png], {type: "image/png"}));
    if (!panel.last.first) return;
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").drawImage(image, 0, 0);
    panel.show();
  }

  return {canvas, frame, begin};
}
