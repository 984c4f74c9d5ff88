/** The value without its undefined members, so that optional properties need no condition each. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Present<T>;
}

export type Present<T> = {
  [K in keyof T as IsOptional<T[K]> extends true ? never : K]: T[K];
} & {
  [K in keyof T as IsOptional<T[K]> extends true ? K : never]?: Exclude<T[K], undefined>;
};

/** A member of unknown type is one that has to be there. */
type IsOptional<M> = unknown extends M ? false : undefined extends M ? true : false;
