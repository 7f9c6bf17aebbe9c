/** Raised whenever a contract changes; both ends of a channel refuse another's. */
export const PROTOCOL_VERSION = 14;
