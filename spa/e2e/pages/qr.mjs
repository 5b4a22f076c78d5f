import jsQR from "jsqr";

/** What a reader finds in the QR code that an element shows, as it is painted on the screen; null where it finds none. */
export async function readQR(browser, element) {
  const shot = (await element.screenshot()).toString("base64");
  const page = await browser.newPage();
  const { data, width, height } = await page.evaluate(async (shot) => {
    const image = new Image();
    image.src = `data:image/png;base64,${shot}`;
    await image.decode();
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, image.width, image.height);
    // As one string: a list of so many numbers takes seconds from one process to the other.
    return { data: Array.from(data, (one) => String.fromCharCode(one)).join(""), width, height };
  }, shot);
  await page.close();
  return jsQR(Uint8ClampedArray.from(Buffer.from(data, "latin1")), width, height)?.data ?? null;
}
