import { equalBytes } from '../codec/bytes.ts';
import { encodeUtf8 } from '../codec/utf8.ts';

export const GROUP_TABLE = encodeUtf8('group');
export const REAL_NAME_TABLE = encodeUtf8('realname');
export const AGENT_TABLE = encodeUtf8('agent');
export const SUSPENSION_TABLE = encodeUtf8('suspension');
export const CHILD_TABLE = encodeUtf8('child');
export const ANCHOR_TABLE = encodeUtf8('anchor');

/** The key whose list of members rules sources and governed tables. */
export const ADMISSION_KEY = encodeUtf8('admission');

export type TableName = 'group' | 'realname' | 'agent' | 'suspension' | 'child' | 'anchor';

const TABLES: Readonly<Record<TableName, Uint8Array>> = {
  group: GROUP_TABLE,
  realname: REAL_NAME_TABLE,
  agent: AGENT_TABLE,
  suspension: SUSPENSION_TABLE,
  child: CHILD_TABLE,
  anchor: ANCHOR_TABLE,
};

const OPEN: readonly TableName[] = ['child', 'anchor'];

/** Which table bytes name; undefined: none that anybody may write. @source SPEC RC3; spec 04, records */
export const nameTable = (table: Uint8Array): TableName | undefined =>
  (Object.keys(TABLES) as TableName[]).find((name) => equalBytes(TABLES[name], table));

/** Open tables have seats; in governed ones the signatures are the authority. @source SPEC RC3; spec 04, governed tables */
export const isOpenTable = (name: TableName): boolean => OPEN.includes(name);
