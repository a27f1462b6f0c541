export { MAX_AMOUNT, UNITS_PER_VC } from '#protocol/tx/amount';
