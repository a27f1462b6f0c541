/** Said, but no reason to stop: every first payment to somebody has it. */
const ONLY_SAID = ['new-recipient'];

/** Whether a second yes is asked for before the payment can be approved. @source SPEC WB15 */
export const asksForMore = (warnings: readonly string[]): boolean => warnings.some((code) => !ONLY_SAID.includes(code));
