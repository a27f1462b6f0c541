// biome-ignore lint/suspicious/noControlCharactersInRegex: control and direction characters are what is taken out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const CODE = /^[a-z0-9]{1,24}(?:-[a-z0-9]{1,24}){0,7}$/;

/** Text that somebody else wrote, as one short line without control or direction characters. @source SPEC WB8 */
export const outsideText = (text: string, most = 80): string => {
  const line = text.replaceAll(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

/** A code as codes are written here, or `unknown`: no other text of a peer or worker reaches the screen. @source SPEC WB2 */
export const outsideCode = (code: string): string => (CODE.test(code) ? code : 'unknown');
