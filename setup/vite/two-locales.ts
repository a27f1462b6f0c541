import type { Plugin } from 'vite';

const FOREIGN =
  /[\\/](?:react-aria|react-stately|react-aria-components)[\\/].*[\\/]intl[\\/].*[\\/](?!en-US|zh-CN)[a-z]{2}-[A-Z]{2}\.m?js$/;

/** Leaves the component library's strings of languages that the product does not speak out of the bundle. */
export const twoLocales = (): Plugin => ({
  name: 'two-locales',
  enforce: 'pre',
  apply: 'build',
  load: (id) => (FOREIGN.test(id) ? 'export default {};' : undefined),
});
