import { describe, expect, test } from 'vitest';
import { Failure } from '#protocol/failure';
import { createMemoryPlatform, ManualClock } from '../platform/memory.ts';
import { Leadership } from './leadership.ts';

const settle = async (clock: ManualClock, seconds = 0): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  if (seconds > 0) {
    clock.advance(seconds);
    await settle(clock);
  }
};

const world = () => {
  const clock = new ManualClock(1_000);
  let seed = 0;
  const platform = createMemoryPlatform(clock, (length) => Uint8Array.from({ length }, () => seed++ & 255));
  const done: string[] = [];
  let next = 0;
  const tab = (name: string) => {
    const views: unknown[] = [];
    let broadcast: (view: unknown) => void = () => undefined;
    const stops: string[] = [];
    const leadership = new Leadership(platform, 'net', {
      lead: async (give) => {
        broadcast = give;
        return {
          call: async (_, method, args) => {
            if (method === 'fail') throw new Failure('storage-full');
            done.push(`${name} ${method} ${String(args[0])}`);
            return method === 'reserve' ? next++ : name;
          },
          stop: async () => {
            stops.push(name);
          },
        };
      },
      onView: (view) => views.push(view),
    });
    return { leadership, views, stops, say: (view: unknown) => broadcast(view) };
  };
  return { clock, tab, done };
};

describe('tabs', () => {
  test('CW8 one leads, the others pass on their calls and show its views', async () => {
    const { clock, tab, done } = world();
    const [one, two] = [tab('one'), tab('two')];
    one.leadership.start();
    two.leadership.start();
    await settle(clock);
    expect([one.leadership.leading, two.leadership.leading]).toEqual([true, false]);
    const answer = two.leadership.call('screens', 'activity', [7]);
    await settle(clock, 1);
    expect(await answer).toBe('one');
    expect(done).toEqual(['one activity 7']);
    one.say({ height: 5n });
    await settle(clock);
    expect(two.views).toEqual([{ height: 5n }]);
  });

  test('CW8 C9 two tabs, a hundred calls each: each is done once and no index is given twice', async () => {
    const { clock, tab, done } = world();
    const [one, two] = [tab('one'), tab('two')];
    one.leadership.start();
    two.leadership.start();
    await settle(clock);
    const calls = Array.from({ length: 100 }, (_, i) => [
      one.leadership.call('vault', 'reserve', [`a${i}`]),
      two.leadership.call('vault', 'reserve', [`b${i}`]),
    ]).flat();
    await settle(clock, 4);
    const given = await Promise.all(calls);
    expect(new Set(given).size).toBe(200);
    expect(done.length).toBe(200);
  });

  test('CW8 when the leader is gone the next tab leads and does what was asked meanwhile', async () => {
    const { clock, tab } = world();
    const [one, two] = [tab('one'), tab('two')];
    one.leadership.start();
    two.leadership.start();
    await settle(clock);
    one.leadership.close();
    await settle(clock);
    expect(two.leadership.leading).toBe(true);
    expect(one.stops).toEqual(['one']);
    expect(await two.leadership.call('screens', 'activity', [1])).toBe('two');
  });

  test('CW8 a visible tab takes over from a hidden one, and gives nothing back', async () => {
    const { clock, tab } = world();
    const [one, two] = [tab('one'), tab('two')];
    one.leadership.start();
    two.leadership.start();
    await settle(clock);
    two.leadership.setVisible(true);
    await settle(clock);
    expect(one.leadership.leading).toBe(true);
    one.leadership.setVisible(false);
    two.leadership.setVisible(true);
    await settle(clock);
    expect([one.leadership.leading, two.leadership.leading]).toEqual([false, true]);
  });

  test('CW8 the tab that is looked at leads, whichever of the two hears first that it changed', async () => {
    const { clock, tab } = world();
    const [one, two] = [tab('one'), tab('two')];
    one.leadership.start();
    two.leadership.start();
    await settle(clock);
    two.leadership.setVisible(true);
    await settle(clock);
    one.leadership.setVisible(false);
    await settle(clock);
    expect([one.leadership.leading, two.leadership.leading]).toEqual([false, true]);
  });

  test('CW8 a hidden tab that comes first in the queue passes the lead on to the one that is looked at', async () => {
    const { clock, tab } = world();
    const [one, two, three] = [tab('one'), tab('two'), tab('three')];
    for (const { leadership } of [one, two, three]) {
      leadership.start();
      await settle(clock);
    }
    two.leadership.setVisible(false);
    one.leadership.setVisible(false);
    await settle(clock);
    expect([one, two, three].map(({ leadership }) => leadership.leading)).toEqual([false, false, true]);
    three.leadership.setVisible(false);
    await settle(clock);
    expect([one, two, three].map(({ leadership }) => leadership.leading)).toEqual([false, false, true]);
  });

  test('CW8 a failure crosses the tabs as its code, and without any leader a call ends', async () => {
    const { clock, tab } = world();
    const [one, two] = [tab('one'), tab('two')];
    one.leadership.start();
    two.leadership.start();
    await settle(clock);
    const failed = two.leadership.call('screens', 'fail', []).catch((error) => error);
    await settle(clock, 1);
    expect(await failed).toMatchObject({ code: 'storage-full' });
    const alone = tab('three');
    alone.leadership.start();
    one.leadership.close();
    two.leadership.close();
    await settle(clock);
    expect(alone.leadership.leading).toBe(true);
  });
});
