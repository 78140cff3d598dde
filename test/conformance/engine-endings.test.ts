/** Puts every engine through the endings that a program can have. */
import { describe } from "vitest";
import { describeEndings } from "./engine-endings.ts";
import { engineSubjects } from "./engine-subject.ts";

describe.each(engineSubjects.map((subject) => [subject.name, subject] as const))("%s", (_, subject) => {
  describeEndings(subject);
});
