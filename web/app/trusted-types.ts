interface HtmlPolicyFactory {
  readonly createPolicy: (name: string, rules: { readonly createHTML: (html: string) => string | null }) => unknown;
}

/**
 * Allows the empty string as HTML and nothing else: the component library clears its live region with it.
 *
 * @source SPEC WB10
 */
export const onlyEmptyHtml = (html: string): string | null => (html === '' ? '' : null);

export const installDefaultPolicy = (): void => {
  const factory = (globalThis as { trustedTypes?: HtmlPolicyFactory }).trustedTypes;
  factory?.createPolicy('default', { createHTML: onlyEmptyHtml });
};
