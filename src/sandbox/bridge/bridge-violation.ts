/**
 * What the host throws to itself when a guest says what no guest says. The session ends and the process is
 * killed; the reason is for the operator's log and the run's record.
 */
export class BridgeViolation extends Error {
  override readonly name = "BridgeViolation";
}
