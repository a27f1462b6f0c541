declare const brand: unique symbol;

/** A `T` that only the file which owns the name `B` may make by a cast. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };
