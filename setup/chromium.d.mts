export function findChromium(): string | undefined;
export function installChromium(): void;
export function mayInstallChromium(args: readonly string[], env: Readonly<Record<string, string | undefined>>): boolean;
