/** Which of Bitcoin's script rules hold, by the names of its verification flags; NHASH256 is the opcode that is new here. */
export interface ScriptRules {
  readonly DERSIG: boolean;
  readonly LOW_S: boolean;
  readonly STRICTENC: boolean;
  readonly NULLFAIL: boolean;
  readonly NULLDUMMY: boolean;
  readonly MINIMALDATA: boolean;
  readonly MINIMALIF: boolean;
  readonly WITNESS_PUBKEYTYPE: boolean;
  readonly CHECKLOCKTIMEVERIFY: boolean;
  readonly CHECKSEQUENCEVERIFY: boolean;
  readonly DISCOURAGE_UPGRADABLE_NOPS: boolean;
  readonly CONST_SCRIPTCODE: boolean;
  readonly NHASH256: boolean;
}

/** The one rule set of consensus. @source SPEC SC2 */
export const CONSENSUS_RULES: ScriptRules = Object.freeze({
  DERSIG: true,
  LOW_S: true,
  STRICTENC: true,
  NULLFAIL: true,
  NULLDUMMY: true,
  MINIMALDATA: true,
  MINIMALIF: true,
  WITNESS_PUBKEYTYPE: true,
  CHECKLOCKTIMEVERIFY: true,
  CHECKSEQUENCEVERIFY: true,
  DISCOURAGE_UPGRADABLE_NOPS: false,
  CONST_SCRIPTCODE: false,
  NHASH256: true,
});
