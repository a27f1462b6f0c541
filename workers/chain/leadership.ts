import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import type { Platform } from '../platform/port.ts';

/** A tab's work when it leads: calls it answers, and how it lets go. */
export interface Led {
  readonly call: (target: string, method: string, args: readonly unknown[]) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

interface Call {
  readonly kind: 'call';
  readonly id: string;
  readonly target: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Message =
  | Call
  | { readonly kind: 'done'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: string; readonly code: string }
  | { readonly kind: 'view'; readonly view: unknown }
  | { readonly kind: 'want-view' }
  /** who leads is hidden: a tab that is looked at may take over */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'want-lead' };

const RESEND_SECONDS = 3;
const GIVE_UP_SECONDS = 60;
/** answers kept so that a question sent twice is done once */
const REMEMBERED_CALLS = 256;

interface Pending {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: Failure) => void;
  readonly since: number;
}

/**
 * One tab of an origin leads network and chain; the others pass their calls to it and show what it shows. Who leads is
 * the holder of one lock; when its tab dies the host gives the lock to the next.
 *
 * @source SPEC CW8
 */
export class Leadership {
  private readonly platform: Platform;
  private readonly name: string;
  private readonly lead: (broadcast: (view: unknown) => void) => Promise<Led>;
  private readonly onView: (view: unknown) => void;
  private readonly channel;
  private readonly pending = new Map<string, Pending>();
  private readonly answered = new Map<string, Promise<unknown>>();
  /** 16 random bytes: no two tabs ask under one name */
  private readonly tab: string;
  private calls = 0;
  private led: Led | undefined;
  private lastView: unknown;
  private visible = true;
  private letGo: (() => void) | undefined;
  private closed = false;

  constructor(
    platform: Platform,
    name: string,
    hooks: { readonly lead: (broadcast: (view: unknown) => void) => Promise<Led>; readonly onView: (view: unknown) => void },
  ) {
    this.platform = platform;
    this.name = name;
    this.lead = hooks.lead;
    this.onView = hooks.onView;
    this.channel = platform.openChannel(name);
    this.tab = encodeHex(platform.entropy.bytes(16));
    this.channel.listen((message) => this.hear(message as Message));
  }

  get leading(): boolean {
    return this.led !== undefined;
  }

  start(): void {
    this.channel.post({ kind: 'want-view' });
    void this.campaign();
    this.resend();
  }

  /** Holds the lock for as long as this tab leads; what was asked for meanwhile is done at once. */
  private async campaign(): Promise<void> {
    while (!this.closed) {
      await this.platform.locks.hold(`${this.name}-lead`, async () => {
        if (this.closed) return;
        const until = new Promise<void>((resolve) => {
          this.letGo = resolve;
        });
        this.led = await this.lead((view) => this.broadcast(view));
        for (const { call } of this.pending.values()) void this.finish(call);
        this.offerLead();
        await until;
        const led = this.led;
        this.led = undefined;
        await led?.stop();
      });
    }
  }

  private broadcast(view: unknown): void {
    this.lastView = view;
    this.channel.post({ kind: 'view', view } satisfies Message);
    this.onView(view);
  }

  private async finish(call: Call): Promise<void> {
    const pending = this.pending.get(call.id);
    if (pending === undefined || this.led === undefined) return;
    this.pending.delete(call.id);
    await this.led.call(call.target, call.method, call.args).then(pending.resolve, pending.reject);
  }

  /** Asks whoever leads. @throws Failure the leader's, or `no-leader` */
  call(target: string, method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.led !== undefined) return this.led.call(target, method, args);
    this.calls += 1;
    const id = `${this.tab}-${this.calls}`;
    const call: Call = { kind: 'call', id, target, method, args };
    return new Promise((resolve, reject) => {
      this.pending.set(id, { call, resolve, reject, since: this.platform.clock.now() });
      this.channel.post(call);
    });
  }

  private resend(): void {
    if (this.closed) return;
    const now = this.platform.clock.now();
    for (const [id, { call, reject, since }] of this.pending) {
      if (now - since > GIVE_UP_SECONDS) {
        this.pending.delete(id);
        reject(new Failure('no-leader'));
      } else this.channel.post(call);
    }
    this.platform.clock.after(RESEND_SECONDS, () => this.resend());
  }

  private hear(message: Message): void {
    if (message.kind === 'done' || message.kind === 'failed') this.settle(message);
    else if (this.led === undefined) this.hearFollowing(message);
    else this.hearLeading(message);
  }

  private hearFollowing(message: Message): void {
    if (message.kind === 'view') this.onView(message.view);
    if (message.kind === 'hidden' && this.visible) this.channel.post({ kind: 'want-lead' } satisfies Message);
  }

  private hearLeading(message: Message): void {
    if (message.kind === 'call') this.answer(message);
    if (message.kind === 'want-view' && this.lastView !== undefined) this.channel.post({ kind: 'view', view: this.lastView });
    if (message.kind === 'want-lead' && !this.visible) this.letGo?.();
  }

  private settle(message: Extract<Message, { readonly kind: 'done' | 'failed' }>): void {
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.kind === 'done') pending?.resolve(message.value);
    else pending?.reject(new Failure(message.code));
  }

  private answer(call: Call): void {
    if (this.led === undefined) return;
    const known = this.answered.get(call.id);
    const result = known ?? this.led.call(call.target, call.method, call.args);
    this.answered.set(call.id, result);
    if (this.answered.size > REMEMBERED_CALLS) this.answered.delete(this.answered.keys().next().value as string);
    result.then(
      (value) => this.channel.post({ kind: 'done', id: call.id, value } satisfies Message),
      (error) => this.channel.post({ kind: 'failed', id: call.id, code: error instanceof Failure ? error.code : 'bug' } satisfies Message),
    );
  }

  /** A tab that is looked at takes over from one that is not, whichever of the two hears of it first. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible && this.led === undefined) this.channel.post({ kind: 'want-lead' } satisfies Message);
    this.offerLead();
  }

  private offerLead(): void {
    if (this.led !== undefined && !this.visible) this.channel.post({ kind: 'hidden' } satisfies Message);
  }

  close(): void {
    this.closed = true;
    this.letGo?.();
    this.channel.close();
  }
}
