/** What a UTCP source is made from, and the defaults of what may be left out. */

export interface UtcpSourceOptions {
  /** The manual: a path, an `http(s):` or `file:` URL, or the parsed manual itself. */
  readonly manual: string | object;
  /**
   * Values for `${NAME}` and `$NAME` in the manual. Nothing else is ever filled in: a manual is a stranger's text, and
   * must not choose which of the host's secrets it gets. Asked at each call.
   */
  readonly variables?: () => Promise<{ readonly [name: string]: string }>;
  /** Origins that tools may be at besides public ones and the manual's own: loopback or private hosts. */
  readonly origins?: readonly string[];
  /** Let tools run commands of the manual on this machine. Default `false`: they are left out. */
  readonly commands?: boolean;
  /** Folder that commands run in. Default: the working folder. */
  readonly folder?: string;
}
