import { createHash, timingSafeEqual } from 'node:crypto';

const NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Answers whether a Host header names this machine and this port: a name that was bound to loopback elsewhere does not pass. */
export const isOwnHost = (host: string | undefined, port: number): boolean => NAMES.some((name) => host === `${name}:${port}`);

/** A request without Origin comes from no page; with one it must come from a page that this node served. */
export const isOwnOrigin = (origin: string | undefined, port: number): boolean =>
  origin === undefined || NAMES.some((name) => origin === `http://${name}:${port}`);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const isSameToken = (given: string | undefined, token: string): boolean =>
  given !== undefined && timingSafeEqual(digest(given), digest(token));

/** Cookies are shared by all ports of a host, so the port is part of the name. */
export const cookieName = (port: number): string => `vc-token-${port}`;

export const readCookie = (header: string | undefined, name: string): string | undefined =>
  header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);

export const tokenCookie = (port: number, token: string): string => `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
