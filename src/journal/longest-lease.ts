/**
 * The longest that a lease can still have to run: one that seems to last longer was given before the clock was
 * set back, and would otherwise keep a dead host's runs for as long.
 */
export const longestLeaseMs = 120_000;
