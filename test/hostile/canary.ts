/** The secret of a host under attack: in its environment and in an error's cause, and nowhere else. */
export const canary = "canary-3f9c1d7e-do-not-leak";
process.env["CODEMODE_CANARY"] = canary;
