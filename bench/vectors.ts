/** Where the public test data is: what VC_VECTORS names, else where the tests look for it. */
export const vectorsFolder = async (): Promise<string> => {
  const { default: tests } = await import('../vitest.config.ts');
  const folder = tests.test?.env?.VC_VECTORS;
  if (folder === undefined) throw new Error('vitest.config.ts names no VC_VECTORS');
  return folder;
};
