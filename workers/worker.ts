import { InvariantError } from '#protocol/invariant';

interface Part {
  readonly begin: (event: MessageEvent) => void;
}

const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  chain: () => import('./chain/worker.ts'),
  compute: () => import('./compute/worker.ts'),
  vault: () => import('./vault/worker.ts'),
};

/** The one script of all workers, so that what they share is loaded once; a worker's name, up to a dash, says which of them it is. */
const load = (name: string): Promise<Part> => {
  const part = PARTS[name.split('-')[0] ?? ''];
  if (part === undefined) throw new InvariantError('a worker is named for what it does');
  return part();
};

const part = load(self.name);
part.catch(reportError);

/** The first message waits until the part is there; the part itself listens to what follows. */
addEventListener(
  'message',
  (event: MessageEvent) =>
    void part.then(
      ({ begin }) => begin(event),
      () => undefined,
    ),
  { once: true },
);
