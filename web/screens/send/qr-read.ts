const MOST_SIDE = 2000;

const readPixels = async (image: ImageData): Promise<string | undefined> => {
  const { default: decodeQR } = await import('qr/decode.js');
  try {
    return decodeQR(image, { timeLimit: 200 });
  } catch {
    return undefined;
  }
};

const drawn = (source: CanvasImageSource, width: number, height: number): ImageData | undefined => {
  const scale = Math.min(1, MOST_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context?.getImageData(0, 0, canvas.width, canvas.height);
};

/** The text of a QR code in an image file, read on this device. */
export const readQrFile = async (file: Blob): Promise<string | undefined> => {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const pixels = drawn(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels === undefined ? undefined : readPixels(pixels);
};

/** The text of a QR code in the present picture of a video. */
export const readQrFrame = async (video: HTMLVideoElement): Promise<string | undefined> => {
  if (video.videoWidth === 0) return undefined;
  const pixels = drawn(video, video.videoWidth, video.videoHeight);
  return pixels === undefined ? undefined : readPixels(pixels);
};
