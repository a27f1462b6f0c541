/** Hands a file to the person, without any server. */
export const download = (name: string, content: Uint8Array | string, type = 'application/octet-stream'): void => {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
