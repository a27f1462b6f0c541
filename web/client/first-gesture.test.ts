import { expect, test } from 'vitest';
import { firstGesture } from './first-gesture.ts';

const NEVER = new Promise<void>(() => undefined);

const settled = async (promise: Promise<void>): Promise<boolean> => {
  const pending = Symbol('pending');
  await new Promise((passed) => setImmediate(passed));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
};

test.each(['pointerdown', 'keydown', 'hashchange'])('WB16 nothing starts before the first gesture, and %s is one', async (name) => {
  const window = new EventTarget();
  const started = firstGesture(window, NEVER);
  window.dispatchEvent(new Event('pointermove'));
  window.dispatchEvent(new Event('scroll'));
  expect(await settled(started)).toBe(false);
  window.dispatchEvent(new Event(name));
  expect(await settled(started)).toBe(true);
});

test('WB16 what cannot wait starts without a gesture', async () => {
  const demand = Promise.withResolvers<void>();
  const started = firstGesture(new EventTarget(), demand.promise);
  expect(await settled(started)).toBe(false);
  demand.resolve();
  expect(await settled(started)).toBe(true);
});
