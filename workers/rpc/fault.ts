export { type Fault, fault, isFault } from '#protocol/fault';
