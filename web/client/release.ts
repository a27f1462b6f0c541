export interface ReleaseFiles {
  readonly version: string;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly size: number }[];
}

const isRelease = (value: unknown): value is ReleaseFiles =>
  typeof value === 'object' && value !== null && 'version' in value && 'files' in value && Array.isArray(value.files);

/** The version this page runs, and the hash of each of its files. */
export const loadRelease = async (): Promise<ReleaseFiles | undefined> => {
  const answer = await fetch('/version.json').catch(() => undefined);
  if (answer?.ok !== true) return undefined;
  const release: unknown = await answer.json().catch(() => undefined);
  return isRelease(release) ? release : undefined;
};
