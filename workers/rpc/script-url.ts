import { InvariantError } from '#protocol/invariant';

interface ScriptUrlPolicy {
  readonly createScriptURL: (url: string) => string;
}

interface PolicyFactory {
  readonly createPolicy: (name: string, rules: ScriptUrlPolicy) => ScriptUrlPolicy;
}

const onlyOwnOrigin = (url: string): string => {
  if (new URL(url, location.origin).origin !== location.origin) throw new InvariantError('a script is loaded from its own origin');
  return url;
};

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy('vc', { createScriptURL: onlyOwnOrigin }) ?? { createScriptURL: onlyOwnOrigin };

/**
 * The address of a worker or service worker, blessed by the `vc` policy: the one place where a script may be named.
 *
 * @source SPEC WB10
 */
export const scriptUrl = (url: string): string => policy.createScriptURL(url);
